"""Rules that a manifest and a tenant are held against: values in, findings with their places out."""
