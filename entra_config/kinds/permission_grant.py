"""Admin consent to delegated permissions: the one AllPrincipals grant of a client at a resource; users'
own stay.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from entra_config.errors import Position
from entra_config.graph import odata
from entra_config.graph.odata import literal
from entra_config.graph.privileges import GRANT
from entra_config.graph.request import Request
from entra_config.kinds.base import Fieldless, Grant, application_address, enterprise_address, segment
from entra_config.kinds.consents import IS_TENANT_WIDE, TENANT_WIDE, Held, held
from entra_config.kinds.details import CONSENTS, CONSENTS_TO_IT, DelegatedConsent, Detail
from entra_config.kinds.directory import Api, Directory, Live, Subject
from entra_config.kinds.entitlements import SCOPES
from entra_config.kinds.facts import ConsentFacts, Tenant, client_at
from entra_config.kinds.going import going_scopes
from entra_config.kinds.graph_values import at
from entra_config.kinds.trace import ConsentTrace, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.parts import ApiPermission
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Delete, Effect, Update
from entra_config.plan.steps import Holds, Listed, Order, Phase, Probe, Step
from entra_config.resource import Address, Ends, Ref, Resource, Value

SCOPE = "scope"
A_LINE = 20  # scopes that are told in one line


class PermissionGrantKind(Fieldless):
    """One tenant-wide grant for each client and resource; its scopes are its value."""

    name = "permissionGrant"
    trace = Trace(
        "admin consent",
        ConsentTrace(),
        lambda own, tenant: _ends(ConsentFacts.of(own), tenant),
        paths=("oauth2PermissionGrants",),
        both=True,
        gives="consent",
        permission=GRANT,
        each="scope",
    )
    shape = Shape()

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask for the tenant-wide grants of a client and of an API; what single users consented to is read
        only where scopes are being removed.
        """
        if subject.service_principal is None or subject.others:
            return {}
        declared = manifest.applications.get(subject.key)
        questions: dict[Detail[Any], Request] = {
            CONSENTS: grants_of("clientId", subject.service_principal["id"])
        }
        if going_scopes(manifest, subject):
            questions[CONSENTS_TO_IT] = grants_of(
                "resourceId", subject.service_principal["id"], tenant_wide=False
            )
        elif at(subject.application, SCOPES) or (declared is not None and declared.scopes):
            # Others' clients that act here for everybody, or will once the scopes that somebody took away are
            # back.
            questions[CONSENTS_TO_IT] = grants_of("resourceId", subject.service_principal["id"])
        return questions

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the grant of each pair for which the manifest consents to something, and what stays of
        one that loses some.
        """
        for key, application in manifest.applications.items():
            live = directory.live.get(key)
            granted = dict(_granted(manifest, directory, live)) if live else {}
            for permission in application.api_permissions.values():
                api = directory.apis.get(permission.resource)
                if api is None or permission.delegated_consent is None:
                    continue
                left = {each.permission for each in granted.get(api.name, ()) if each.verdict == "left"}
                scopes = sorted(
                    {api.scope_values.get(name, name) for name in permission.delegated_consent} | left
                )
                if scopes:
                    facts = ConsentFacts(
                        client=key, resource=api.name, resource_id=api.id if isinstance(api.id, str) else ""
                    )
                    found = _grant(api.called, scopes, facts, permission.position)
                    yield dataclasses.replace(found, ends=_ends_of(permission, api))
            for name, given in granted.items():
                stay = [each.permission for each in given if each.verdict != "revoked"]
                if stay and not _is_managed(application, directory, name):
                    facts = ConsentFacts(client=key, resource=name, resource_id=given[0].entry.resource)
                    yield _grant(directory.called(name), stay, facts, application.position)

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live tenant-wide grants that the manifest manages, or of which it revokes something."""
        for key, live in directory.live.items():
            for name, scopes in _granted(manifest, directory, live):
                entry = scopes[0].entry
                assert isinstance(entry, DelegatedConsent)
                facts = ConsentFacts(
                    entry.id, client=key, resource=name, resource_id=entry.resource, scope=entry.scope
                )
                yield _grant(directory.called(name), [each.permission for each in scopes], facts)

    def grants(self, resource: Resource) -> Iterable[Grant]:
        """Return each scope that the grant consents to."""
        facts = ConsentFacts.of(resource)
        for scope in resource.values["scope"]:
            yield Grant(facts.client, facts.resource, "delegated", scope)

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:
        """Return the grant without the refused scopes."""
        left = [grant.permission for grant in self.grants(resource) if grant not in refused]
        return dataclasses.replace(resource, values={"scope": left}) if left else None

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return the scopes that a client gets, a few a line."""
        if isinstance(change, Create | Update):
            after, before = change.after, change.before.values["scope"] if isinstance(change, Update) else ()
            more = [scope for scope in after.values["scope"] if scope not in before]
            for start in range(0, len(more), A_LINE):
                scopes = ", ".join(more[start : start + A_LINE])
                yield Effect("consent", f"{after.title}: {scopes}", after.address, after.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return one POST, PATCH or DELETE for each change."""
        deleted = {address for address, change in view.changes.items() if isinstance(change, Delete)}
        for change in view.of(self.name):
            match change:
                case Create(after):
                    yield _create(after)
                case Update(before, after):
                    yield _update(before, after)
                case Delete(before) if before.parent not in deleted:
                    yield _delete(before)


def _granted(manifest: Manifest, directory: Directory, live: Live) -> Iterator[tuple[str, list[Held]]]:
    """Yield each grant that is the manifest's business, by the API's name, scope by scope."""
    grants: dict[str, list[Held]] = defaultdict(list)
    for each in held(manifest, directory, live):
        if each.type == "delegated":
            grants[each.api].append(each)
    ours = {"managed", "revoked", "left"}
    yield from ((name, scopes) for name, scopes in grants.items() if ours & {each.verdict for each in scopes})


def _is_managed(client: Application, directory: Directory, name: str) -> bool:
    """Tell whether the manifest says which scopes of an API a client has consent to."""
    return any(
        permission.delegated_consent is not None and api is not None and api.name == name
        for permission in client.api_permissions.values()
        for api in (directory.apis.get(permission.resource),)
    )


def _ends_of(permission: ApiPermission, api: Api) -> Ends:
    return {
        (SCOPE, api.scope_values.get(name, name)): until.day
        for (kind, name), until in permission.until.items()
        if kind == "delegated"
    }


def _ends(facts: ConsentFacts, tenant: Tenant) -> dict[str, str | None]:
    resource = facts.resource_id or client_at(tenant, facts.resource).service_principal_id
    return {"resource": resource, "client": client_at(tenant, facts.client).service_principal_id}


def _grant(called: str, scopes: list[str], facts: ConsentFacts, position: Position | None = None) -> Resource:
    return Resource(
        Address("permissionGrant", f"{facts.client}/{segment(facts.resource)}"),
        {"scope": scopes},
        facts,
        title=f"{facts.client} → {called}",
        parent=application_address(facts.client),
        position=position,
    )


def grants_of(end: str, id_: str, *, tenant_wide: bool = True) -> Request:
    """Return the request that lists the grants of one client (`clientId`) or one API (`resourceId`)."""
    which = f"{end}%20eq%20{literal(id_)}{f'%20and%20{IS_TENANT_WIDE}' if tenant_wide else ''}"
    query = f"$filter={which}&{DelegatedConsent.SELECT}&$top=999"
    return Request("GET", f"/oauth2PermissionGrants?{query}")


def _create(after: Resource) -> Step:
    facts = ConsentFacts.of(after)
    client = Ref(enterprise_address(facts.client))
    resource: Value = facts.resource_id or Ref(enterprise_address(facts.resource))
    ends = {"clientId": client, "consentType": TENANT_WIDE, "resourceId": resource}
    of_client = odata.path(
        "/oauth2PermissionGrants?$filter=clientId%20eq%20", client, f"%20and%20{IS_TENANT_WIDE}"
    )
    listed = Request("GET", of_client)
    probe = Probe(listed, Listed({**ends, "scope": " ".join(after.values["scope"])}))
    return Step(
        id=f"{after.address}/grant",
        carries=(after.address,),
        phase=Phase.REFERENCE,
        request=Request(
            "POST",
            "/oauth2PermissionGrants",
            {**ends, "principalId": None, "scope": " ".join(after.values["scope"])},
        ),
        of=application_address(facts.client),
        order=Order(
            awaits=frozenset({application_address(facts.resource)}),
            arms=frozenset({application_address(facts.client)}),
        ),
        found_by=probe,
        visible=probe,
    )


def _update(before: Resource, after: Resource) -> Step:
    gone = set(before.values["scope"]) - set(after.values["scope"])
    more = set(after.values["scope"]) - set(before.values["scope"])
    scope = " ".join(after.values["scope"])
    path = f"/oauth2PermissionGrants/{before.facts.id}"
    client, resource = (
        application_address(key) for key in (ConsentFacts.of(after).client, ConsentFacts.of(after).resource)
    )
    return Step(
        id=f"{after.address}/change",
        carries=(after.address,),
        phase=Phase.REFERENCE,
        request=Request("PATCH", path, {"scope": scope}),
        of=client,
        order=Order(
            awaits=frozenset({resource}),
            releases=frozenset({resource} if gone else ()),
            arms=frozenset({client} if more else ()),
        ),
        guard=Probe(Request("GET", path), Holds({"scope": ConsentFacts.of(before).scope})),
        visible=Probe(Request("GET", path), Holds({"scope": scope})),
    )


def _delete(before: Resource) -> Step:
    facts = ConsentFacts.of(before)
    return Step(
        id=f"{before.address}/revoke",
        carries=(before.address,),
        phase=Phase.UNREFERENCE,
        request=Request("DELETE", f"/oauth2PermissionGrants/{before.facts.id}"),
        of=application_address(facts.client),
        order=Order(releases=frozenset({application_address(facts.resource)})),
        done_if=("Request_ResourceNotFound",),
    )
