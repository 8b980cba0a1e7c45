"""One file per kind of resource: pure functions from manifest and answers to resources, and from changes
to steps.
"""
