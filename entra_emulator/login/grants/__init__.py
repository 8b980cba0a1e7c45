"""One module per grant of the token endpoint: a token request in, its answer out."""
