"""`make mutants`: what the tool of tools/mutation does."""
