"""Manifests changed in place: text in, text out, and all that nobody asked to change as it was, to the
letter.
"""
