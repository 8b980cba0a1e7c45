"""Manifest and what its names mean → desired State."""
