"""The API as an MCP server: two tools behind the same tokens, scopes and roles as its routes."""
