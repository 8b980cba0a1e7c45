"""A plan's steps in; the tenant changed, each step told as it goes, and what was done, failed and not
tried out.
"""
