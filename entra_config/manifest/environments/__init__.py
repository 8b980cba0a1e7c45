"""One environment of a source: files merged, overrides on top, variables filled in, path restrictions, locked
ids of names.
"""
