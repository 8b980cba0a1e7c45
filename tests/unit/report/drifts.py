"""A drift by hand: a finding of each sign, each grade and each reason, names that no format may trust, and
what is no drift.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

from entra_config.drift.model import Actor, Attribution, Drift, Finding, Reason
from entra_config.errors import Position
from entra_config.plan.model import Create, Notice, TenantInfo
from entra_config.resource import Address, Resource

CHECKED = datetime(2026, 11, 20, 8, tzinfo=UTC)
HOSTILE = '<script>alert("1")</script> \x1b[31m \u202e \ud800 `|` @everyone'
ALICE = Actor("user", "1", "alice@contoso.com", "Azure portal")
ROBOT = Actor("application", "2", "Deployment robot")
MICROSOFT = Actor("microsoft", "3", "Microsoft Azure AD App Provisioning")
API, SPA = Address("application", "api"), Address("application", "spa")


def sample(*, findings: bool = True) -> Drift:
    """Make the drift, with its findings or with the rest only."""
    return Drift(
        project="myapp",
        environment="dev",
        tenant=TenantInfo("11111111-1111-1111-1111-111111111111", "Contoso"),
        base="HEAD (3f1c2d4)",
        checked_at=CHECKED,
        since=CHECKED - timedelta(days=2),
        findings=(*_known(), *_unknown()) if findings else (),
        pending=(Create(Resource(Address("application", "new"), {"displayName": "New"}), ()),),
        unmanaged=("Somebody's experiment (0c0ffee0-0000-4000-8000-000000000001)",),
        warnings=(Notice("the audit log keeps 30 days"),),
    )


def _known() -> tuple[Finding, ...]:
    when = CHECKED - timedelta(hours=3)
    return (
        Finding(
            SPA, "added", "redirect-uri-added", "redirect URI https://evil.example/" + "very-long-path/" * 12,
            "spa.redirectUris", None, "https://evil.example/" + "very-long-path/" * 12, "1", (),
            Position("manifests/my apps/späte#1.yaml", 7, 5), Attribution("exact", ALICE, when,
            record_id="Directory_1"),
        ),
        Finding(
            API, "changed", "property-changed", f"displayName of {HOSTILE}", "displayName",
            "MyApp API", HOSTILE, None, (),
            Position("manifests/api.yaml", 3, 3), Attribution("exact", ROBOT, when, as_of=when),
        ),
        Finding(
            API, "removed", "app-role-removed", "app role Reader of api", "appRoles",
            {"value": "Reader", "allowedMemberTypes": ["User"], "isEnabled": True}, None, "Reader", (),
            Position("manifests/api.yaml", 21, 7),
            Attribution("possible", when=when, others=(MICROSOFT, ALICE, ROBOT), suspects=3),
        ),
        Finding(
            SPA, "added", "secret-added", "secret backdoor", "passwordCredentials.secretText", None, ("never-"
"shown"), "2",
            attribution=Attribution("exact", ALICE, when),
        ),
    )  # fmt: skip


def _unknown() -> tuple[Finding, ...]:
    return tuple(
        Finding(API, "removed", "scope-removed", f"scope {place} of api", "api.oauth2PermissionScopes", ("s"
f"{place}"),
                None, str(place), (), Position("manifests/api.yaml", 30 + place, 7), Attribution("none",
                reason=reason))
        for place, reason in enumerate(get_args(Reason))
        if reason
    )  # fmt: skip
