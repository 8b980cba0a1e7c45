"""The commands of `entra-config fleet`."""
