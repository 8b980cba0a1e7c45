"""Access tests, and the tenant that a manifest is put into for them."""
