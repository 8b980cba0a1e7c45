"""The table of first-class fields and their types: what a manifest may say of an application, and what
Graph calls it.
"""
