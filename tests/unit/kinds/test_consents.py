"""What a client of ours holds of an API, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.kinds import consents
from entra_config.kinds.consents import Held, Requests
from entra_config.kinds.details import CONSENTS, HOLDINGS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Live, Subject
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.policy import Removed
from tests.unit.kinds.clients import DIRECTORY, HR, JOB, OWN, client, manifest, required

ALL = client(
    JOB,
    required("app-hr", ("s2", "Scope"), ("s9", "Scope"), ("r1", "Role")),
    required("app-api", ("s3", "Scope"), ("s8", "Scope"), ("r3", "Role")),
    required("app-unknown", ("s2", "Scope")),
)
KNOWN = {"now": frozenset({"use"}), "before": frozenset({"hr.old", "s9"})}
OF_API = {"now": frozenset({"run.all"}), "before": frozenset({"run.old", "s8"})}
IGNORING = {"ignore_changes": ("requiredResourceAccess",)}
NAMED = frozenset({"run.all", "run.old", "openid", "profile", "email", "offline_access"})


@pytest.mark.parametrize(
    ("resource", "type_", "declared", "expected"),
    [
        ("sp-hr", "delegated", {"hr": HR}, Requests(**KNOWN)),
        ("sp-hr", "application", {"hr": HR}, Requests(now=frozenset({"r1"}), before=frozenset({"r1"}))),
        ("sp-hr", "delegated", {}, Requests(before=KNOWN["before"])),
        ("sp-hr", "application", {"hr": replace(HR, application=())}, Requests(before=frozenset({"r1"}))),
        (
            "sp-hr",
            "delegated",
            {"hr": replace(HR, delegated=("Use", "Nowhere"))},
            Requests(now=frozenset({"use", "Nowhere", "hr.old", "s9"}), before=KNOWN["before"]),
        ),
        (
            "sp-hr",
            "application",
            {"hr": replace(HR, application=("Write", "Nowhere"))},
            Requests(now=frozenset({"r1", "r2"}), before=frozenset({"r1"})),
        ),
        (
            "sp-hr",
            "delegated",
            {"hr": HR, "absent": ApiPermission("absent", own=False)},
            Requests(now=KNOWN["now"] | KNOWN["before"], before=KNOWN["before"]),
        ),
        (
            "sp-hr",
            "delegated",
            {"hr": replace(HR, delegated_consent=frozenset())},
            Requests(managed=True, **KNOWN),
        ),
        ("sp-hr", "delegated", {"hr": replace(HR, application_consent=frozenset())}, Requests(**KNOWN)),
        (
            "sp-hr",
            "application",
            {"hr": replace(HR, application_consent=frozenset())},
            Requests(managed=True, now=frozenset({"r1"}), before=frozenset({"r1"})),
        ),
        (
            "sp-hr",
            "application",
            {"hr": replace(HR, delegated_consent=frozenset())},
            Requests(now=frozenset({"r1"}), before=frozenset({"r1"})),
        ),
        (
            "sp-hr",
            "delegated",
            {"hr": HR, **IGNORING},
            Requests(now=KNOWN["now"] | KNOWN["before"], before=KNOWN["before"], said=KNOWN["now"]),
        ),
        ("sp-api", "delegated", {"api": OWN}, Requests(own=True, **OF_API)),
        (
            "sp-api",
            "application",
            {"api": OWN},
            Requests(own=True, now=frozenset({"r3"}), before=frozenset({"r3"})),
        ),
        (
            "sp-api",
            "delegated",
            {"api": OWN, **IGNORING},
            Requests(
                own=True,
                now=OF_API["now"] | OF_API["before"],
                before=OF_API["before"],
                named=NAMED,
                said=OF_API["now"],
            ),
        ),
        (
            "sp-api",
            "application",
            {"api": OWN, **IGNORING},
            Requests(
                own=True,
                now=frozenset({"r3"}),
                before=frozenset({"r3"}),
                named=frozenset({"r3", "r4"}),
                said=frozenset({"r3"}),
            ),
        ),
        ("sp-unknown", "delegated", {"hr": HR}, Requests()),
    ],
)
def test_what_a_client_requests(
    resource: str, type_: Any, declared: dict[str, Any], expected: Requests
) -> None:
    """Of one API in one type: by the manifest, and by the tenant where the manifest cannot say it all."""
    more = {"ignore_changes": declared.get("ignore_changes", ())}
    permissions = {key: each for key, each in declared.items() if key not in more}
    made = manifest(api_permissions=permissions, **more)
    assert consents.requests(made, DIRECTORY, ALL, resource, type_) == expected


def test_what_an_api_is_called_that_was_only_read() -> None:
    """Its appId leads to what is requested of it, and the API's own where nothing else does."""
    unknown = replace(DIRECTORY, app_ids={"sp-unknown": "app-unknown"})
    found = consents.requests(manifest(api_permissions={"hr": HR}), unknown, ALL, "sp-unknown", "delegated")
    assert found == Requests(before=frozenset({"hr.old"}))
    found = consents.requests(manifest(api_permissions={"hr": HR}), unknown, ALL, "sp-hr", "delegated")
    assert found == Requests(**KNOWN)


def test_an_api_of_ours_that_is_not_there_yet() -> None:
    """What can be named is what the manifest has."""
    made = manifest(api_permissions={"api": OWN}, **IGNORING)
    for live in ({}, {"api": Live(Subject("api"))}):
        directory = replace(DIRECTORY, live=live, own_app_ids={})
        found = consents.requests(made, directory, client(JOB), "sp-api", "delegated")
        assert found.named == NAMED - {"run.old"}


@pytest.mark.parametrize(
    ("removed", "managed"),
    [
        ({}, False),
        ({"old": Removed("old", destroy=True)}, True),
        ({"old": Removed("old", destroy=False)}, False),
    ],
)
def test_a_client_that_is_declared_no_longer(removed: dict[str, Removed], managed: bool) -> None:
    """What it holds goes with it."""
    made = replace(manifest(), removed=removed)
    found = consents.requests(made, DIRECTORY, client("old"), "sp-hr", "delegated")
    assert found == Requests(managed=managed)


@pytest.mark.parametrize(
    ("requested", "permission", "verdict", "unsaid"),
    [
        (Requests(managed=True), "a", "managed", False),
        (Requests(managed=True, named=frozenset({"b"})), "a", "left", False),
        (Requests(managed=True, named=frozenset({"a"})), "a", "managed", False),
        (Requests(now=frozenset({"a"}), before=frozenset({"a"})), "a", "requested", False),
        (Requests(before=frozenset({"a"})), "a", "revoked", False),
        (Requests(own=True), "a", "revoked", False),
        (Requests(), "a", "watched", False),
        (Requests(), "openid", "requested", False),
        (Requests(now=frozenset({"a"}), said=frozenset()), "a", "requested", True),
        (Requests(now=frozenset({"a"}), said=frozenset({"a"})), "a", "requested", False),
        (Requests(said=frozenset()), "email", "requested", False),
        (Requests(named=frozenset(), said=frozenset()), "a", "left", True),
        (Requests(said=frozenset()), "a", "watched", False),
    ],
)
def test_what_becomes_of_a_permission(
    requested: Requests, permission: str, verdict: str, unsaid: bool
) -> None:
    """By the table; only what stays can be there without anybody saying it."""
    assert (requested.verdict(permission), requested.unsaid(permission)) == (verdict, unsaid)


def holds(role: str, resource: str, name: str = "HR") -> RoleHolding:
    """Return that the client holds a role."""
    return RoleHolding(role, role, "sp-job", "ServicePrincipal", "job", resource, name)


GRANT = DelegatedConsent("g", "sp-job", "sp-hr", True, "", "use a")
ONE = DelegatedConsent("h", "sp-job", "sp-hr", False, "ann", "one")
ROWS = (holds("r1", "sp-hr"), holds("r2", "sp-hr"), holds("r7", "sp-x", "X"), holds("r3", "sp-api", "api"),
        holds("r4", "sp-api", "api"))  # fmt: skip
HOLDING = Live(ALL.subject, {CONSENTS: (GRANT, ONE), HOLDINGS: ROWS})


def test_what_a_client_holds() -> None:
    """Tenant-wide: scopes of its grants, and roles at APIs of others; no consent of one person."""
    made = manifest(api_permissions={"hr": HR})
    assert list(consents.held(made, DIRECTORY, HOLDING)) == [
        Held("hr", "delegated", "a", "watched", GRANT),
        Held("hr", "delegated", "use", "requested", GRANT),
        Held("hr", "application", "Read", "requested", ROWS[0]),
        Held("hr", "application", "Write", "watched", ROWS[1]),
        Held("X", "application", "Seven", "watched", ROWS[2]),
    ]
    assert list(consents.unsaid(made, DIRECTORY, HOLDING)) == []


def test_what_only_ignored_changes_let_stay() -> None:
    """At APIs of others, and roles at our own."""
    made = manifest(api_permissions={"api": replace(OWN, application=()), "hr": HR}, **IGNORING)
    required_ = required("app-hr", ("r2", "Role"), ("s2", "Scope")), required("app-api", ("r3", "Role"))
    grant = replace(GRANT, scope="use hr.old a")
    live = Live(client(JOB, *required_).subject, {CONSENTS: (grant,), HOLDINGS: ROWS})
    assert list(consents.unsaid(made, DIRECTORY, live)) == [
        Held("hr", "delegated", "hr.old", "requested", grant, unsaid=True),
        Held("hr", "application", "Write", "requested", ROWS[1], unsaid=True),
        Held("api", "application", "Run", "requested", ROWS[3], unsaid=True),
    ]


def test_what_people_call_a_scope_and_a_role() -> None:
    """By its value now, of ours as the tenant has it; by its id where nothing is known."""
    assert [
        consents.scope_value(DIRECTORY, app_id, id_)
        for app_id, id_ in (
            ("app-api", "s3"),
            ("app-api", "s2"),
            ("app-hr", "s2"),
            ("app-hr", "s0"),
        )
    ] == ["run.old", "s2", "hr.old", "s0"]
    assert [consents.role_value(DIRECTORY, each) for each in (
        holds("r1", "sp-hr"), holds("r7", "sp-hr"), holds("r0", "sp-x"),
    )] == ["Read", "Seven", "r0"]  # fmt: skip
