"""One rule a file, each with `RULE`."""
