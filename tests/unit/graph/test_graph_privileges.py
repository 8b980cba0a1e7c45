"""What one request needs, in words."""

from __future__ import annotations

import pytest

from entra_config.graph.privileges import reported
from entra_config.graph.request import Request

OWNED = "Application.ReadWrite.OwnedBy"


@pytest.mark.parametrize(
    ("method", "path", "needs"),
    [
        ("GET", "/applications", "Application.Read.All (or Directory.Read.All)"),
        ("GET", "/users?$top=1", "User.ReadBasic.All (or Directory.Read.All)"),
        ("GET", "/auditLogs/directoryAudits", "AuditLog.Read.All and Directory.Read.All"),
        ("GET", "/policies/authorizationPolicy", "Policy.Read.All"),
        ("POST", "/applications", OWNED),
        ("PATCH", "/applications/1", f"{OWNED} (Application.ReadWrite.All where it is no owner)"),
        ("DELETE", "/nobody/knows/this", ""),
    ],
)
def test_what_a_request_needs_is_the_least_and_what_else_would_do(method: str, path: str, needs: str) -> None:
    """A reader of the whole directory reads all that it covers; a client writes what it owns with less."""
    assert reported(Request(method, path)) == needs
