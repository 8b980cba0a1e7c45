"""Tools of this checkout: each folder or file is run by hand or by the Makefile."""
