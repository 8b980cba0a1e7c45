"""The reference API: HTTP requests with Entra access tokens in, records out."""
