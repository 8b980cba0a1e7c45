"""Records of the audit log about one property or link, and who is named by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from entra_config.drift.attribution import Log, attribute
from entra_config.drift.audit import Event
from entra_config.drift.model import Actor, Attribution, Finding
from entra_config.resource import Address

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE, WHOLE = NOW - timedelta(days=30), NOW - timedelta(minutes=30)
ALICE, BOB, EVE, DAN = (Actor("user", f"u-{name}", name) for name in ("alice", "bob", "eve", "dan"))
PORTAL = replace(ALICE, via="portal")
PIPELINE = Actor("application", "sp-deploy", "deploy")
URI = "https://evil.example/"
OBJECTS = {"object": "app-1", "principalObject": "sp-1"}
ADDED = Finding(
    Address("application", "spa"), "added", "r", "", "spa.redirectUris", element=URI,
    subjects=("app-1", "sp-1"), ends=OBJECTS,
)  # fmt: skip
ROLE = {"resource": "sp-api", "role": "r1", "principal": "sp-9"}
GONE = Finding(
    Address("appRoleAssignment", "api/A/application:x"), "removed", "r", "",
    subjects=("sp-api", "sp-9"), ends=ROLE,
)  # fmt: skip
CAME = replace(GONE, sign="added")
UNASSIGNED = "Remove app role assignment from service principal"


def addresses(*uris: str) -> Mapping[str, Any]:
    """Return what the log says of redirect URIs."""
    return {"AppAddress": [{"AddressType": 0, "Address": each, "ReplyAddressClientType": 3} for each in uris]}


# What a record says, by what it is called here: old and new values, and names without values.
SAYS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any], frozenset[str]]] = {
    "add": (addresses(), addresses(URI), frozenset({"AppAddress"})),
    "remove": (addresses(URI), addresses(), frozenset({"AppAddress"})),
    "keep": (addresses("https://a/"), addresses("https://b/"), frozenset({"AppAddress"})),
    "name": ({}, {}, frozenset({"AppAddress"})),
    "stub": ({}, {}, frozenset()),
    "other": ({"DisplayName": ["a"]}, {"DisplayName": ["b"]}, frozenset({"DisplayName"})),
}


def ago(minutes: float) -> datetime:
    """Return a time before now."""
    return NOW - timedelta(minutes=minutes)


def rec(says: str, actor: Actor, minutes: float, call: str | None = None, on: str = "app-1") -> Event:
    """Return a record about the redirect URIs of an application, of a call of its own where none is named."""
    old, new, named = SAYS[says]
    id_ = f"{says}-{minutes}"
    return Event(
        id_, ago(minutes), "Update application", actor, (on,), old, new, named, id_ if call is None else call
    )


def link(activity: str, actor: Actor, minutes: float, *targets: str) -> Event:
    """Return a record about an assignment, or an end of one."""
    role = {} if activity.startswith(("Delete ", "Restore ")) else {"AppRole.Id": "r1"}
    ends = targets or ("sp-api", "sp-9")
    return Event(activity, ago(minutes), activity, actor, ends, role, role, frozenset(role), activity)


def found(finding: Finding, *events: Event, **log: Any) -> Attribution:
    """Attribute one finding; records come newest first, the deployment pipeline is ours."""
    newest_first = sorted(events, key=lambda each: each.time, reverse=True)
    (one,) = attribute([finding], Log(newest_first, SINCE, NOW, **log), frozenset({PIPELINE.id}))
    assert replace(one, attribution=finding.attribution) == finding
    return replace(one.attribution, first=None)


def exact(event: Event, *, ours: bool = False) -> Attribution:
    """Return that this record made it."""
    return Attribution(
        "exact", event.actor, event.time, record_id=event.id, suspects=1, as_of=WHOLE, ours=ours
    )


def possible(event: Event, *others: Actor, suspects: int = 1) -> Attribution:
    """Return that nobody knows who made it; the records that fit are of these actors."""
    named = (event.actor, *others)
    return Attribution("possible", when=event.time, others=named, suspects=suspects, as_of=WHOLE)


MADE = rec("add", ALICE, 60)
STUB_44 = rec("stub", ALICE, 44)
STUB, LATER = rec("stub", ALICE, 40), rec("stub", BOB, 40)
OURS = rec("add", PIPELINE, 60)
AGAIN = rec("add", BOB, 90)
TOOL = rec("name", PORTAL, 50)
REMOVED = rec("remove", BOB, 60)
