"""One module per format: a plan in, text out."""
