"""What applications of others hold at an API of ours, and what the manifest says of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from entra_config.kinds import external_holders
from entra_config.kinds.details import CONSENTS_TO_IT, HOLDERS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.external_holders import ExternalHolding

ROLES = [
    {"id": "r1", "value": "Read", "displayName": "Reads"},
    {"id": "r2", "value": None, "displayName": "Writes"},
    {"id": "r3", "value": "Admin", "displayName": "Administers"},
]


def holder(role: str, principal: str, type_: str = "ServicePrincipal") -> RoleHolding:
    """Return who holds a role."""
    return RoleHolding("1", role, principal, type_, f"name of {principal}", "sp-api", "api", "then")


def consent(client: str, scope: str, *, everybody: bool = True) -> DelegatedConsent:
    """Return a consent to the API."""
    return DelegatedConsent("1", client, "sp-api", everybody, "", scope)


LIVE = Live(
    Subject("api", service_principal={"id": "sp-api", "appRoles": ROLES}),
    {
        HOLDERS: (
            holder("r1", "someone", "User"),
            holder("r1", "sp-job"),
            holder("r1", "x"),
            holder("r2", "x"),
            holder("r9", "x"),
            holder(DEFAULT_ACCESS, "x"),
        ),
        CONSENTS_TO_IT: (
            consent("sp-job", "own"),
            consent("x", "e d c b a"),
            consent("y", "one", everybody=False),
            consent("z", "last"),
        ),
    },
)
DIRECTORY = Directory(
    "https://graph",
    live={"api": LIVE},
    names={"x": "Their job"},
    own_principals={"sp-job": "job"},
    unsaid=frozenset({"unsaid"}),
)


def manifest(**assigned: Any) -> Any:
    """Return a manifest that says this of the roles of the API."""
    here = {role: SimpleNamespace(role=role, **lists) for role, lists in assigned.items()}
    return SimpleNamespace(applications={}, assigned=lambda key: here if key == "api" else {})


def test_what_applications_of_others_hold() -> None:
    """No person, nothing of ours, and no consent of one person; a role by its value, name or id."""
    found = list(external_holders.held(DIRECTORY, "api", LIVE))
    roles = [("Read", "r1"), ("Writes", "r2"), ("r9", "r9"), ("default", DEFAULT_ACCESS)]
    scopes = [(scope, "x", "Their job") for scope in "abcde"] + [("last", "z", "z")]
    assert found == [
        *(
            ExternalHolding("api", "application", value, "x", "name of x", "sp-api", role, "then")
            for value, role in roles
        ),
        *(
            ExternalHolding("api", "delegated", scope, client, name, "sp-api")
            for scope, client, name in scopes
        ),
    ]


def test_roles_whose_applications_are_declared_in_full() -> None:
    """An empty list says so too; where there is none, or no such role, nothing is said."""
    said = manifest(
        Read={"service_principals": ()},
        Writes={"service_principals": None},
        Gone={"service_principals": ()},
    )
    assert external_holders.fully_declared(said, DIRECTORY, "api") == {"r1"}


def test_holders_that_somebody_looked_at() -> None:
    """Each by an id that the lock file says, of a role that is there."""
    listed = [SimpleNamespace(id=id_) for id_ in ("x", "unsaid", None)]
    said = manifest(Read={"applications": listed}, Gone={"applications": listed})
    assert external_holders.vetted(said, DIRECTORY, "api") == {("r1", "x")}
