"""Access tokens in, typed users and permission checks out."""
