"""Records of old and new values, some minutes ago, and one finding attributed to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from entra_config.drift.attribution import Log, attribute
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Attribution, Finding
from entra_config.resource import Address
from tests.unit.drift.records import NOW, PIPELINE, URI

ALICE = Actor("user", "u-alice", "alice@contoso.com")
BOB = Actor("user", "u-bob", "bob@contoso.com")
ADDED = Finding(
    Address("application", "spa"),
    "added",
    "redirect-uri-added",
    "redirect URI added",
    "spa.redirectUris",
    element=URI,
    subjects=("app-1", "sp-1"),
    ends={"object": "app-1", "principalObject": "sp-1"},
)


def address_event(
    actor: Actor, before: list[str], after: list[str], *, minutes: int, targets: tuple[str, ...] = ("app-1",)
) -> Event:
    """Return a record of a change of the redirect URIs, some minutes ago."""
    old, new = (
        [{"AddressType": 0, "Address": uri, "ReplyAddressClientType": 3} for uri in side]
        for side in (before, after)
    )
    return event(actor, minutes=minutes, targets=targets, old={"AppAddress": old}, new={"AppAddress": new})


def event(actor: Actor, *, minutes: int, activity: str = "Update application", **rest: Any) -> Event:
    """Return a record, some minutes ago."""
    named = frozenset(rest.pop("named", rest.get("old", {}).keys()))
    details = {"targets": ("app-1",), "old": {}, "new": {}, "correlation": f"{activity}{minutes}"} | rest
    return Event(
        id=f"{activity}{minutes}",
        time=NOW - timedelta(minutes=minutes),
        activity=activity,
        actor=actor,
        named=named,
        **details,
    )


def one(finding: Finding, *events: Event, good_at: datetime | None = None, **log: Any) -> Attribution:
    """Attribute one finding; the deployment pipeline is ours."""
    newest_first = sorted(events, key=lambda each: each.time, reverse=True)
    window = Log(newest_first, NOW - timedelta(days=30), NOW, **log)
    (found,) = attribute([replace(finding, good_at=good_at)], window, frozenset({PIPELINE.id}))
    return found.attribution
