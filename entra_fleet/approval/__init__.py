"""Approve groups of changes: the file of an approval, its limits, and when a wave may start."""
