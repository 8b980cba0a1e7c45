"""What `entra-config settings` writes from the manifest: scopes and roles as constants."""
