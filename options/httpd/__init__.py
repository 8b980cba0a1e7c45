"""Option E: what an Apache httpd is told that signs in for a page and verifies tokens before an API."""
