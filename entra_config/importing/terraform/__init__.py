"""The way in from Terraform's azuread provider, and the way back."""
