"""One file for each kind of place that keeps a secret."""
