"""The pins of a lock file: what the tenant proves, and what a run of this program made itself."""
