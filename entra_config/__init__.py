"""Microsoft Entra ID as code: manifests say what is desired, Microsoft Graph says what is actual."""

__version__ = "0.1.0"
