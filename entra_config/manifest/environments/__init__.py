"""One environment of a source: files merged, overrides on top, variables filled in, fences, locked ids of
names.
"""
