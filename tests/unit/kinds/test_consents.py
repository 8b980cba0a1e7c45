"""What a client of ours holds of an API, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.kinds import consents
from entra_config.kinds.consents import Held, Requests
from entra_config.kinds.details import CONSENTS, HOLDINGS, DelegatedConsent, RoleHolding
from entra_config.kinds.directory import Live
from entra_config.manifest.parts import ApiPermission
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
            Requests(now=frozenset({"use", "Nowhere"}), before=KNOWN["before"], kept=KNOWN["before"]),
        ),
        (
            "sp-hr",
            "application",
            {"hr": replace(HR, application=("Write", "Nowhere"))},
            Requests(now=frozenset({"r2"}), before=frozenset({"r1"}), kept=frozenset({"r1"})),
        ),
        (
            "sp-hr",
            "delegated",
            {"hr": HR, "absent": ApiPermission("absent", own=False)},
            Requests(**KNOWN, kept=KNOWN["before"]),
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
        (Requests(before=frozenset({"a"}), kept=frozenset({"a"})), "a", "watched", False),
        (Requests(own=True, before=frozenset({"a"}), kept=frozenset({"a"})), "a", "requested", False),
        (Requests(before=frozenset({"email"}), kept=frozenset({"email"})), "email", "requested", False),
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


ROWS = (holds("r1", "sp-hr"), holds("r2", "sp-hr"), holds("r7", "sp-x", "X"), holds("r3", "sp-api", "api"),
        holds("r4", "sp-api", "api"))  # fmt: skip


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
