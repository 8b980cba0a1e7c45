"""Owners of applications and enterprise applications: exactly those declared, besides the deployers, who
are never removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from entra_config.graph.privileges import WRITE_ALL
from entra_config.graph.request import Request
from entra_config.kinds.base import (
    Fieldless,
    Grant,
    application_address,
    ending,
    enterprise_address,
    ignored,
    is_application,
    text,
)
from entra_config.kinds.details import ENTERPRISE_OWNERS, OWNERS, Detail
from entra_config.kinds.directory import Directory, Principal, Subject, called
from entra_config.kinds.facts import ApplicationFacts, OwnerFacts, application_at
from entra_config.kinds.trace import Link, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Manifest, Named
from entra_config.manifest.until import Until
from entra_config.phrase import Phrase
from entra_config.plan.diff import Shape
from entra_config.plan.model import Change, Create, Delete, Effect, subject_of
from entra_config.plan.steps import Listed, Order, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource

SELECT = "$select=id,displayName,userPrincipalName&$top=999"
TYPES = ("user", "servicePrincipal", "group")


class OwnerKind(Fieldless):
    """Watched: where the manifest declares none, none is written."""

    name = "owner"
    trace = Trace(
        "owner",
        Link(
            ("Add owner to", "Remove owner from"),
            {"owner": (0,), "object": ("Application.ObjectID", "ServicePrincipal.ObjectID", 1)},
        ),
        lambda own, tenant: {
            "object": _owned(own, application_at(tenant, own.parent)),
            "owner": own.facts.principal,
        },
        lambda own: own.facts.principal,
        paths=("owners",),
        gives="owner",
        permission=WRITE_ALL,
    )
    shape = Shape()

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:  # noqa: ARG002  # the protocol's
        """Ask who owns the application and its service principal."""
        questions: dict[Detail[Any], Request] = {}
        if subject.application is not None and not subject.deleted:
            questions[OWNERS] = Request("GET", f"/applications/{subject.application['id']}/owners?{SELECT}")
            if subject.service_principal is not None:
                questions[ENTERPRISE_OWNERS] = Request(
                    "GET", f"/servicePrincipals/{subject.service_principal['id']}/owners?{SELECT}"
                )
        return questions

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return each declared owner that the tenant has."""
        for key, application in manifest.applications.items():
            if not ignored(application, "owners"):
                yield from _declared(key, application.owners, directory)
            if application.enterprise is not None:
                yield from _declared(key, application.enterprise.owners, directory, enterprise=True)

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live owners where the manifest declares them; deployers only if they are declared."""
        wanted = {resource.address for resource in self.desired(manifest, directory)}
        for key, live in directory.live.items():
            application = manifest.applications.get(key)
            if application is None:
                continue
            enterprise = application.enterprise.owners if application.enterprise else None
            own = None if ignored(application, "owners") else application.owners
            for detail, declared in ((OWNERS, own), (ENTERPRISE_OWNERS, enterprise)):
                for entry in live.rows(detail) if declared is not None else ():
                    who = Principal(entry.id, entry.name or entry.id, entry.type)
                    resource = _resource(key, who, enterprise=detail is ENTERPRISE_OWNERS)
                    if resource.address in wanted or entry.id not in directory.deployers:
                        yield resource

    def grants(self, resource: Resource) -> Iterable[Grant]:
        """Return that somebody becomes owner."""
        assert resource.parent is not None
        yield Grant("", resource.parent.key, "ownership", "", resource.facts.principal)

    def without(self, resource: Resource, refused: AbstractSet[Grant]) -> Resource | None:  # noqa: ARG002  # the protocol's
        """Return nothing: an owner is one grant."""
        return None

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return each new owner."""
        if isinstance(change, Create):
            yield Effect("owner", change.after.title, change.after.address, change.after.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return one reference added or removed for each change that no creating request carries."""
        created = {address for address, change in view.changes.items() if isinstance(change, Create)}
        deleted = {address for address, change in view.changes.items() if isinstance(change, Delete)}
        bound: dict[Address, int] = {}
        for change in view.of(self.name):
            side = subject_of(change)
            target = _target(side)
            if target in created and is_application(target):
                # The creating request takes 20; whether that of a service principal takes any is not known.
                bound[target] = bound.get(target, len(view.bind)) + 1
                if bound[target] <= 20:
                    continue
            if isinstance(change, Create):
                yield _add(change.after, target, view)
            elif isinstance(change, Delete) and change.before.parent not in deleted:
                yield _remove(change.before, target)


def _declared(
    key: str, owners: tuple[Named, ...] | None, directory: Directory, *, enterprise: bool = False
) -> Iterator[Resource]:
    for named in owners or ():
        found = next((p for type_ in TYPES if (p := directory.principal(type_, named))), None)
        if found is not None:
            until = Until(named.until) if named.until else None
            yield ending(_resource(key, found, enterprise=enterprise), until)


def _resource(key: str, who: Principal, *, enterprise: bool) -> Resource:
    return Resource(
        Address("owner", f"{key}/{'enterpriseApplication/' if enterprise else ''}{who.type}:{who.id}"),
        {},
        OwnerFacts(principal_id=who.id, enterprise=enterprise),
        title=Phrase.of(
            f"{key}{' (enterprise application)' if enterprise else ''} ← ", called(who.type, who.name, who.id)
        ),
        display_name=who.name,
        parent=application_address(key),
    )


def _target(owner: Resource) -> Address:
    assert owner.parent is not None
    return enterprise_address(owner.parent.key) if OwnerFacts.of(owner).enterprise else owner.parent


def _owned(owner: Resource, application: ApplicationFacts) -> str | None:
    return application.service_principal_id if OwnerFacts.of(owner).enterprise else application.id


def _collection(target: Address) -> tuple[str | Ref, ...]:
    return (
        "/applications/" if is_application(target) else "/servicePrincipals/",
        Ref(target),
        "/owners",
    )


def _add(after: Resource, target: Address, view: WriteView) -> Step:
    probe = Probe(
        Request("GET", text(*_collection(target), "?$select=id")), Listed({"id": after.facts.principal})
    )
    return Step(
        id=f"{after.address}/add",
        carries=(after.address,),
        phase=Phase.EXTEND,
        request=Request(
            "POST",
            text(*_collection(target), "/$ref"),
            {"@odata.id": view.directory.link(after.facts.principal)},
        ),
        of=application_address(target.key),
        found_by=probe,
        visible=probe,
        done_if=("One or more added object references already exist",),
    )


def _remove(before: Resource, target: Address) -> Step:
    return Step(
        id=f"{before.address}/remove",
        carries=(before.address,),
        phase=Phase.UNREFERENCE,
        request=Request("DELETE", text(*_collection(target), f"/{before.facts.principal}/$ref")),
        of=application_address(target.key),
        done_if=("One or more removed object references do not exist", "Request_ResourceNotFound"),
        order=Order(cleans=True),
    )
