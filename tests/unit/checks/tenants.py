"""Tenants whose administrators chose something, and what is said of a plan there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from entra_config.actual.found import Found
from entra_config.actual.policies import Policies
from entra_config.actual.uris import Claims
from entra_config.checks import table
from entra_config.checks.changes import ChangesView
from entra_config.checks.rules import preflight
from entra_config.errors import Position
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts
from entra_config.manifest.model import Application
from entra_config.plan.model import (
    Change,
    Create,
    Notice,
    Refusal,
    TenantInfo,
)
from entra_config.resource import Address, Resource, State
from tests.unit.checks.ruled import of_changes
from tests.unit.plan.estates import API
from tests.unit.plan.estates import manifest as small

# The rules about what the tenant refuses.
PREFLIGHT = tuple(
    rule for _, rules in table.CHANGES for rule in rules if rule.check.__module__ == preflight.__name__
)
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HERE, THERE = Position("api.yaml", 3, 1), Position("api.yaml", 8, 1)
CREATED = Create(Resource(API, {}, ApplicationFacts(), position=THERE))


def found(policies: Policies | None, body: dict[str, Any] | None = None, *, person: bool = False) -> Found:
    """Return what was read of a tenant."""
    live = {} if body is None else {"api": Live(Subject("api", body))}
    directory = Directory("https://graph", live=live)
    return Found(
        TenantInfo("t", "Contoso"),
        directory,
        claims=Claims({}, frozenset()),
        policies=policies,
        person=person,
    )


def conflicts(change: Change, tenant: Found, *, strict: bool = False, **more: Any) -> list[Refusal | Notice]:
    """Return what is said of a change of an API that is declared like this."""
    type_ = more.pop("type_", "api")
    declared = {"api": Application("api", type_, {}, **more), "hr": Application("hr", "api", {})}
    declared["hr"] = replace(declared["hr"], authorized_clients={"api": ("Two", "Three")})
    own = replace(small(), applications=declared)
    view = ChangesView(own, tenant, State({}), (change,), (), NOW, strict)
    return of_changes(PREFLIGHT, view)


def held(restrictions: dict[str, Any]) -> Policies:
    """Return policies that hold all applications to something."""
    return Policies(default={"isEnabled": True, "applicationRestrictions": restrictions})


def sentence(
    refused: str, advice: str, position: Position | None = THERE, place: Address | None = API
) -> Notice:
    """Return the warning."""
    return Notice(f"Contoso {refused}: {advice}", place, position)
