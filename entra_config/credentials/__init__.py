"""Secrets with a life: made, kept in a sink, proven by a sign-in, replaced before they end, taken away
after.
"""
