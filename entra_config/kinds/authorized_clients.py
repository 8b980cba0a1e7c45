"""Authorized clients (Graph: api.preAuthorizedApplications): one resource for each client and API, written
as one whole value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from entra_config.graph.request import Request
from entra_config.kinds import entitlement_stages
from entra_config.kinds.application import AUTHORIZED
from entra_config.kinds.base import Fieldless, Grant, application_address, ignored
from entra_config.kinds.details import Detail
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.entitlements import ROLES, SCOPES, ids
from entra_config.kinds.facts import AuthorizationFacts, Tenant, application_at, client_at
from entra_config.kinds.graph_values import at
from entra_config.kinds.trace import Part, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Application, Manifest
from entra_config.plan.diff import Collection, Shape
from entra_config.plan.model import Change, Create, Delete, Effect, Restore, Update, subject_of
from entra_config.plan.steps import Order, Phase, Step
from entra_config.resource import Address, Ref, Resource, Value

ENTITLEMENTS = (SCOPES, ROLES)


class AuthorizedClientKind(Fieldless):
    """Which clients need no consent for which scopes of an API."""

    name = "authorizedClient"
    trace = Trace(
        "authorized client",
        Part(AUTHORIZED, element="clientApp"),
        lambda own, tenant: _ends(own, AuthorizationFacts.of(own), tenant),
        gives="authorized client",
    )
    shape = Shape({"scopes": Collection(key=str, label=lambda item, names: names.get(item, item))})

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:  # noqa: ARG002  # the protocol's
        """Ask nothing: the application carries them."""
        return {}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return each authorized client of each API."""
        for key, application in manifest.applications.items():
            live = directory.live.get(key)
            if ignored(application, AUTHORIZED):
                continue
            known = ids(manifest, application, live.subject.application if live else None).scopes
            for client, labels in application.authorized_clients.items():
                yield _resource(key, (client, client), None, [known[label] for label in labels], application)
            for external, labels in application.external_authorized_clients.items():
                named = (external, directory.application(external))
                yield _resource(key, named, external, [known[label] for label in labels], application)

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live authorized clients of each declared API."""
        ours = {
            live.subject.application["appId"]: key
            for key, live in directory.live.items()
            if live.subject.application
        }
        for key, live in directory.live.items():
            application = manifest.applications.get(key)
            if application is None or ignored(application, AUTHORIZED):
                continue
            for entry in at(live.subject.application, AUTHORIZED) or []:
                app_id = entry["appId"]
                client = ours.get(app_id, app_id)
                name = (
                    client
                    if client in application.authorized_clients
                    or client not in application.external_authorized_clients
                    else app_id
                )
                yield Resource(
                    Address("authorizedClient", f"{name}/{key}"),
                    {"scopes": list(entry["delegatedPermissionIds"])},
                    AuthorizationFacts(client=client, api=key, app_id=app_id),
                    title=f"{directory.application(app_id, name)} → {key}",
                    parent=application_address(key),
                )

    def grants(self, resource: Resource) -> Iterable[Grant]:
        """Return each scope for which the client needs no consent."""
        facts = AuthorizationFacts.of(resource)
        for scope in resource.values["scopes"]:
            yield Grant(facts.client, facts.api, "authorization", scope)

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:
        """Return the authorization without the refused scopes."""
        left = [grant.permission for grant in self.grants(resource) if grant not in refused]
        return dataclasses.replace(resource, values={"scopes": left}) if left else None

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return the scopes that a client has without consent."""
        if isinstance(change, Create | Update):
            after = change.after
            items = (item for field in change.fields for item in field.items)
            more = ", ".join(item.label for item in items if item.sign == "add")
            if more:
                yield Effect("authorized client", f"{after.title}: {more}", after.address, after.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return, for each API with a change, one whole new value of its authorized clients."""
        by_api: dict[Address, list[Address]] = {}
        for change in view.of(self.name):
            side = subject_of(change)
            assert side.parent is not None
            by_api.setdefault(side.parent, []).append(side.address)
        for api, carried in by_api.items():
            if not isinstance(view.changes.get(api), Delete):
                yield from _whole(api, tuple(carried), view)


def _ends(own: Resource, facts: AuthorizationFacts, tenant: Tenant) -> dict[str, str | None]:
    client = facts.app_id or client_at(tenant, facts.client).app_id
    return {"object": application_at(tenant, own.parent).id, "clientApp": client}


def _resource(
    api: str, named: tuple[str, str], app_id: str | None, scopes: list[str], application: Application
) -> Resource:
    client, called = named
    return Resource(
        Address("authorizedClient", f"{client}/{api}"),
        {"scopes": scopes},
        AuthorizationFacts(client=client, api=api, app_id=app_id),
        title=f"{called} → {api}",
        parent=application_address(api),
        position=application.positions.get(f"{AUTHORIZED}.{client}", application.positions.get(AUTHORIZED)),
    )


def _whole(api: Address, carried: tuple[Address, ...], view: WriteView) -> Iterator[Patch]:
    entries = view.below("authorizedClient", api)
    value = _value(entries)
    gaining = {AuthorizationFacts.of(entry).client for entry in entries if entry.address in carried}
    arms = frozenset(
        application_address(client) for client in gaining if client in view.manifest.applications
    )
    order = Order(arms=arms)
    late = _late(api, view)
    early = [part for entry in entries if (part := _without(entry, late - _held(entry, view)))]
    if not late or _value(early) == value:
        yield Patch(api, Phase.REFERENCE, {AUTHORIZED: value}, carried, api, order)
        return
    if any(isinstance(view.changes[address], Update | Delete) for address in carried):
        # What is taken away goes before its scope changes, what is given comes after.
        yield Patch(api, Phase.REFERENCE, {AUTHORIZED: _value(early)}, carried, api, order)
    yield Patch(api, Phase.AUTHORIZE, {AUTHORIZED: value}, carried, api, order)


def _value(entries: Iterable[Resource]) -> list[Value]:
    return [
        {"appId": _app_id(entry), "delegatedPermissionIds": list(entry.values["scopes"])} for entry in entries
    ]


def _app_id(entry: Resource) -> Value:
    facts = AuthorizationFacts.of(entry)
    return facts.app_id or Ref(application_address(facts.client), "appId")


def _late(api: Address, view: WriteView) -> frozenset[str]:
    """Return the scopes that mean something else, or nothing at all, until they are edited."""
    change = view.changes.get(api)
    if not isinstance(change, Update | Restore):
        return frozenset()
    found = entitlement_stages.changes(change.before.values, change.after.values, ENTITLEMENTS)
    return found[1].tokens if found else frozenset()


def _held(entry: Resource, view: WriteView) -> frozenset[str]:
    before = view.actual.get(entry.address)
    return frozenset(before.values["scopes"]) if before else frozenset()


def _without(entry: Resource, late: frozenset[str]) -> Resource | None:
    left = [scope for scope in entry.values["scopes"] if scope not in late]
    return dataclasses.replace(entry, values={"scopes": left}) if left else None


__all__ = ["SCOPES", "AuthorizedClientKind"]
