"""A local Entra tenant: Graph and sign-in over one origin, one directory behind both."""
