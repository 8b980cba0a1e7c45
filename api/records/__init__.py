"""The API's one resource: small texts that people with the right roles read and write."""
