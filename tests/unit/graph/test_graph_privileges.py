"""What one request needs, in words."""

from __future__ import annotations

import pytest

from entra_config.graph.privileges import lacking, minimal, needed, reported
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


ALL, DIRECTORY = "Application.ReadWrite.All", "Directory.Read.All"


@pytest.mark.parametrize(
    ("names", "least"),
    [
        ([], []),
        ([OWNED, "User.ReadBasic.All"], [OWNED, "User.ReadBasic.All"]),
        (["User.ReadBasic.All", DIRECTORY, "Policy.Read.All"], [DIRECTORY, "Policy.Read.All"]),
        ([OWNED, ALL, "Application.Read.All", OWNED], [ALL]),
        (["Directory.ReadWrite.All", ALL, "User.ReadBasic.All"], ["Directory.ReadWrite.All"]),
    ],
)
def test_what_another_permission_implies_is_left_out(names: list[str], least: list[str]) -> None:
    """Hold that each is there once, by name, and that what is implied by what is implied goes too."""
    assert minimal(names) == least


@pytest.mark.parametrize(
    ("names", "held", "lacks"),
    [
        (["B", "A", "C"], ["C"], ["A", "B"]),
        (["User.ReadBasic.All", "Policy.Read.All"], [DIRECTORY], ["Policy.Read.All"]),
        ([OWNED, "User.ReadBasic.All"], ["Directory.ReadWrite.All"], []),
        ([ALL], [OWNED], [ALL]),
    ],
)
def test_what_is_lacking_is_neither_held_nor_implied(
    names: list[str], held: list[str], lacks: list[str]
) -> None:
    """Hold that what is lacking is in order."""
    assert lacking(names, held) == lacks


def test_several_requests_need_the_least_of_all() -> None:
    """Hold that a permission which one of them has anyway is not named twice."""
    found = needed(
        [Request("GET", "/users"), Request("GET", "/auditLogs/x"), Request("POST", "/applications")]
    )
    assert found == [OWNED, "AuditLog.Read.All", DIRECTORY]


@pytest.mark.parametrize(
    ("method", "path", "needs"),
    [
        ("GET", "/oauth2PermissionGrants", "Directory.Read.All"),
        ("POST", "/directoryObjects/getByIds", "Directory.Read.All"),
        ("PUT", "/applications/1/logo", f"{OWNED} ({ALL} where it is no owner)"),
        ("POST", "/applications/1/owners/$ref", f"{ALL} and {DIRECTORY}"),
    ],
)
def test_what_needs_the_whole_directory_says_it_once(method: str, path: str, needs: str) -> None:
    """Hold that nothing else is named beside it."""
    assert reported(Request(method, path)) == needs
