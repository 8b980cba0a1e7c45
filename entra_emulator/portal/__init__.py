"""The tenant in, pages that show it to a person out."""
