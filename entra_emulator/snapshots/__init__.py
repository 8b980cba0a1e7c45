"""Directories as they were: kept under a name, compared, gone back to."""
