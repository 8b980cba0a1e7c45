"""The places that keep secrets: a class and a file for each kind, listed in `table.py`."""
