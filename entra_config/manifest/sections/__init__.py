"""Nodes of each section of a manifest in, its part of the typed model out."""
