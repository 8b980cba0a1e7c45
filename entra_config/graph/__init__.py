"""The only door to Microsoft Graph: credentials, clouds, transport, batches, pacing, retries."""
