"""Which clients need no consent for which scopes: declared, there, and written as one whole value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from entra_config.errors import Position
from entra_config.kinds.authorized_clients import AuthorizedClientKind
from entra_config.kinds.base import Grant, application_address
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.facts import ApplicationFacts, AuthorizationFacts
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import Scope
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    Effect,
    FieldChange,
    ItemChange,
    Update,
    address_of,
)
from entra_config.plan.steps import Order, Phase
from entra_config.resource import Address, Ref, Resource, State
from tests.unit.plan.estates import API
from tests.unit.plan.estates import manifest as small

KIND = AuthorizedClientKind()
SPA = application_address("spa")
HERE, THERE = Position("api.yaml", 3, 1), Position("api.yaml", 8, 1)
AUTHORIZED = "api.preAuthorizedApplications"
SCOPES = {
    label: Scope(label, label.lower(), label, "Text.", None, None, "admins", id=id_)
    for label, id_ in (("Read", "s1"), ("Write", "s2"))
}


def manifest(**more: Any) -> Manifest:
    """Return a manifest with an API that is declared so, and a client."""
    api = Application("api", "api", {}, scopes=SCOPES, **more)
    return replace(small(), applications={"api": api, "spa": Application("spa", "spa", {})})


def one(client: str, *scopes: str, app_id: str | None = None, **more: Any) -> Resource:
    """Return the authorization of a client."""
    return Resource(
        Address("authorizedClient", f"{more.get('name', client)}/api"),
        {"scopes": list(scopes)},
        AuthorizationFacts(client=client, api="api", app_id=app_id),
        title=f"{more.get('called', client)} → api",
        parent=API,
        position=more.get("position"),
    )


def tenant(*entries: tuple[str, str]) -> Directory:
    """Return what was read: an API that authorizes these, and a client of ours."""
    listed = [{"appId": app_id, "delegatedPermissionIds": [scope]} for app_id, scope in entries]
    body = {"id": "1", "appId": "a", "api": {"preAuthorizedApplications": listed or None}}
    live = {
        "theirs": Live(Subject("theirs", None, {"id": "x"}, others=True)),
        "other": Live(Subject("other", {"id": "2", "appId": "o", "api": body["api"]})),
        "api": Live(Subject("api", body)),
        "spa": Live(Subject("spa", {"id": "3", "appId": "app-spa"})),
    }
    return Directory("https://graph", live=live, own_app_ids={"app-spa": "spa"}, names={"ext": "Their app"})


def test_which_are_declared() -> None:
    """Ours by their keys, others by their appIds; each at its line, or at the list's."""
    positions = {f"{AUTHORIZED}.spa": HERE, AUTHORIZED: THERE}
    declared = manifest(
        authorized_clients={"spa": ("Write", "Read")},
        external_authorized_clients={"ext": ("Read",)},
        positions=positions,
    )
    expected = [
        one("spa", "s2", "s1", position=HERE),
        one("ext", "s1", app_id="ext", called="Their app", position=THERE),
    ]
    assert list(KIND.desired(declared, tenant())) == expected
    assert list(KIND.desired(declared, replace(tenant(), live={}))) == expected
    ignoring = manifest(authorized_clients={"spa": ("Read",)}, ignore_changes=(AUTHORIZED,))
    assert list(KIND.desired(ignoring, tenant())) == []
    assert list(KIND.actual(ignoring, tenant(("ext", "s1")))) == []


def test_which_are_there() -> None:
    """Of each declared API; a client of ours that is declared by its appId is known by that."""
    directory = tenant(("app-spa", "s1"), ("ext", "s2"))
    ours = one("spa", "s1", app_id="app-spa")
    external = one("ext", "s2", app_id="ext", called="Their app")
    assert list(KIND.actual(manifest(), directory)) == [ours, external]
    assert list(KIND.actual(manifest(), tenant())) == []
    both = manifest(authorized_clients={"spa": ()}, external_authorized_clients={"spa": ()})
    assert next(iter(KIND.actual(both, directory))) == ours
    outside = manifest(external_authorized_clients={"spa": ()})
    assert next(iter(KIND.actual(outside, directory))) == replace(
        one("spa", "s1", app_id="app-spa", name="app-spa"), title=ours.title
    )


def test_what_it_gives_and_how_it_is_called() -> None:
    """Each scope can be refused alone; the log has the application, and the client's appId."""
    own = one("spa", "s1", "s2", position=HERE)
    grants = [Grant("spa", "api", "authorization", scope) for scope in ("s1", "s2")]
    assert list(KIND.grants(own)) == grants
    assert KIND.without(own, {grants[0]}) == one("spa", "s2", position=HERE)
    assert KIND.without(own, set(grants)) is None
    facts = {API: ApplicationFacts("1"), SPA: ApplicationFacts("3", app_id="app-spa")}
    assert KIND.trace.ends(own, facts) == {"object": "1", "clientApp": "app-spa"}
    assert KIND.trace.ends(one("ext", app_id="ext"), {}) == {"object": None, "clientApp": "ext"}
    more = FieldChange("scopes", items=tuple(ItemChange(sign, sign) for sign in ("add", "remove", "change")))
    added = FieldChange("scopes", items=(ItemChange("add", "too"),))
    effect = Effect("authorized client", "spa → api: add, too", own.address, HERE)
    for change in (Create(own, (more, added)), Update(own, own, (more, added))):
        assert list(KIND.effects(change)) == [effect]
    gone = FieldChange("scopes", items=(ItemChange("remove", "x"),))
    assert list(KIND.effects(Update(own, own, (gone,)))) == []
    assert list(KIND.effects(Delete(own, (more,)))) == []


def writes(
    changes: Sequence[Change], desired: Sequence[Resource], actual: Sequence[Resource] = ()
) -> list[Any]:
    """Return the writes of changes."""
    states = [State({each.address: each for each in side}) for side in (desired, actual)]
    view = WriteView(manifest(), tenant(), *states, {address_of(change): change for change in changes})
    return list(KIND.expand(view))


def patch(
    entries: list[Any], carries: Sequence[Resource], phase: Phase = Phase.REFERENCE, *arms: Address
) -> Patch:
    """Return the whole value as a part of a PATCH of the API."""
    value = [{"appId": app_id, "delegatedPermissionIds": list(scopes)} for app_id, *scopes in entries]
    addresses = tuple(each.address for each in carries)
    return Patch(API, phase, {AUTHORIZED: value}, addresses, API, Order(arms=frozenset(arms)))


OURS, EXTERNAL = one("spa", "s1"), one("ext", "s2", app_id="ext")
MINE = (Ref(SPA, "appId"), "s1")


def scope(id_: str, value: str) -> dict[str, Any]:
    """Return a scope as Graph has it."""
    return {"id": id_, "value": value, "type": "Admin", "isEnabled": True}


def renaming() -> Update:
    """Return that a scope gets another value."""
    before, after = (
        Resource(API, {"api.oauth2PermissionScopes": [scope("s1", value), scope("s2", "w")], "appRoles": []})
        for value in ("old", "new")
    )
    return Update(before, after)


def test_a_scope_that_changes_is_given_once_it_has() -> None:
    """What is taken goes before, what somebody had stays throughout."""
    late = [patch([MINE, ("ext", "s2")], [OURS], Phase.AUTHORIZE, SPA)]
    assert writes([Create(OURS), renaming()], [OURS, EXTERNAL]) == late
    held = [OURS, EXTERNAL]
    assert writes([Create(EXTERNAL), renaming()], held, [OURS]) == [patch([MINE, ("ext", "s2")], [EXTERNAL])]
    before, after = one("spa", "s2"), one("spa", "s1", "s2")
    assert writes([Update(before, after), renaming()], [after], [before]) == [
        patch([(Ref(SPA, "appId"), "s2")], [after], Phase.REFERENCE, SPA),
        patch([(Ref(SPA, "appId"), "s1", "s2")], [after], Phase.AUTHORIZE, SPA),
    ]
