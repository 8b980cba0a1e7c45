"""YAML to a typed manifest, with the position of every value."""
