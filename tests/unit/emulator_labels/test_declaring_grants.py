"""Lines of the manifest for a consent that changed, or an assignment: by whom they are declared."""

from typing import Any

import pytest

from entra_emulator import seed
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.compare import Kind
from tests.unit.emulator_labels.declared_lines import STAFF, declared, visited

NOT_TAGGED = (
    "Its application is not tagged as managed by a project: `entra-config import` writes its manifest."
)


@pytest.fixture(scope="module", name="visit")
def of_the_tenant() -> Visit:
    """Give an API and a page of ours, and a client that has no mark."""
    return visited()


@pytest.mark.parametrize(
    ("client", "user", "kind", "found"),
    [
        ("spa", "", "changed", ["reading", "user.write"]),
        (
            "spa",
            "",
            "removed",
            "It is declared at spa.yaml:2: remove it there, or the next apply restores it.",
        ),
        ("spa", "bob", "changed", "The consent of one person cannot be declared in a manifest."),
        ("daemon", "", "changed", NOT_TAGGED),
    ],
)
def test_a_consent_is_declared_by_its_client(
    visit: Visit, client: str, user: str, kind: Kind, found: Any
) -> None:
    """For everybody, by what the API's manifest calls its scopes."""
    rows = visit.tenant.oauth2_permission_grants
    principal = visit.tenant.service_principal_by_app_id(seed.fixed_id("login", client))
    assert principal
    row = next(
        row for row in rows.find("clientId", principal["id"])
        if bool(row["principalId"]) == bool(user) and "user.read" in row["scope"]
    )  # fmt: skip
    said, reason = declared(visit, "oauth2PermissionGrants", kind, id=row["id"])
    if said:
        consent = {"api": {"adminConsent": {"delegated": found, "application": ["readers"]}}}
        assert said == {"applications": {"spa": {"apiPermissions": consent}}}
    else:
        assert reason == found


def role(name: str, key: str, value: Any) -> dict[str, Any]:
    """Return the lines that give a role of the API to one."""
    return {"appRoleAssignments": {"api": {name: {key: [value]}}}}


CONSENT = {"delegated": ["reading", "user.write"], "application": ["readers"]}
BY_CONSENT = {"apiPermissions": {"api": {"adminConsent": CONSENT}}}


@pytest.mark.parametrize(
    ("holder", "value", "kind", "found"),
    [
        ("Bob Baker", "Writer", "added", (role("Writer", "users", "bob@contoso.com"), "access.yaml")),
        ("Alice Archer", "", "added", (role("default", "users", "alice@contoso.com"), "access.yaml")),
        ("MyApp Admins", "Admin", "added", (role("Admin", "groups", "MyApp Admins"), "admins.yaml")),
        ("Daemon", "Reader", "added", ("servicePrincipals", "access.yaml")),
        ("Other", "Reader", "added", ("servicePrincipals", "access.yaml")),
        ("Spa", "Reader", "added", ({"applications": {"spa": BY_CONSENT}}, "spa.yaml")),
        ("Erin Evans", "Reader", "added", ("", "It is declared at access.yaml:4 already.")),
        ("Erin Evans", "Reader", "removed",
         ("", "It is declared at access.yaml:4: remove it there, or the next apply restores it.")),
        ("Bob Baker", "Writer", "removed",
         ("", "It does not exist and is not declared: there is nothing to declare.")),
    ],
)  # fmt: skip
def test_an_assignment_is_declared_by_its_holder(
    visit: Visit, holder: str, value: str, kind: Kind, found: tuple[Any, str]
) -> None:
    """Beside those of the same role; an application of ours asks for it by itself."""
    role_id = seed.fixed_id("api", "role", value) if value else seed.DEFAULT_ACCESS
    row = next(
        row for row in visit.tenant.app_role_assignments
        if (row["principalDisplayName"], row["appRoleId"]) == (holder, role_id)
    )  # fmt: skip
    if found[0] == "servicePrincipals":
        found = (role("readers", "servicePrincipals", row["principalId"]), found[1])
    assert declared(visit, "appRoleAssignments", kind, id=row["id"]) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        (
            {"principalId": STAFF},
            (role("Admin", "groups", {"name": "All Staff", "id": STAFF}), "admins.yaml"),
        ),
        ({"principalId": "gone"}, ("", "Its holder does not exist any more.")),
    ],
)
def test_what_was_assigned_before_is_known_by_what_it_was(
    visit: Visit, changes: dict[str, str], found: tuple[Any, str]
) -> None:
    """A group whose name another one has is named by its id."""
    row = next(r for r in visit.tenant.app_role_assignments if r["principalDisplayName"] == "MyApp Admins")
    assert declared(visit, "appRoleAssignments", "added", id="gone", before={**row, **changes}) == found
