"""Swagger UI: the OpenAPI document in, pages that sign in through PKCE out, from this origin alone."""
