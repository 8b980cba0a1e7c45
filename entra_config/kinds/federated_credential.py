"""Federated credentials: the workload identities that may sign in as an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds import normal
from entra_config.kinds.base import GrantsNothing, application_address, ignored, text
from entra_config.kinds.details import FEDERATED, Detail, FederatedTrust
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.facts import CredentialFacts, application_at
from entra_config.kinds.trace import Part, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Manifest
from entra_config.plan import values
from entra_config.plan.diff import Shape, holds
from entra_config.plan.model import Change, Create, Delete, Effect, Update, subject_of
from entra_config.plan.steps import Absent, Holds, Listed, Order, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, Value

_LOGGED = {"issuer": "Issuer", "subject": "Subject", "audiences": "Audiences", "description": "Description"}
FIELDS = ("issuer", "subject", "audiences", "description")


class FederatedCredentialKind(GrantsNothing):
    """One for each name; written one after another, because side by side they collide (entra-docs)."""

    name = "federatedCredential"
    trace = Trace(
        "federated credential",
        Part("FederatedIdentityCredentials", _LOGGED, name=lambda own: CredentialFacts.of(own).name, id="credential"),
        lambda own, tenant: {"object": application_at(tenant, own.parent).id, "credential": own.facts.id},
        lambda own: (CredentialFacts.of(own).name,),
        paths=("federatedIdentityCredentials",),
        gives="federated credential",
    )
    shape = Shape()

    def ask(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:  # noqa: ARG002  # the protocol's
        """Ask for those of an application."""
        if subject.application is None or subject.deleted:
            return {}
        return {FEDERATED: Request("GET", f"/applications/{subject.application['id']}/federatedIdentityCredentials")}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:  # noqa: ARG002  # the protocol's
        """Return each declared one."""
        for key, application in manifest.applications.items():
            if ignored(application, "federatedIdentityCredentials"):
                continue
            for credential in application.federated_credentials.values():
                yield Resource(
                    Address("federatedCredential", f"{key}/{credential.name}"),
                    {
                        "issuer": credential.issuer,
                        "subject": credential.subject,
                        "audiences": [credential.audience],
                        "description": credential.description,
                    },
                    CredentialFacts(name=credential.name),
                    title=f"{key}/{credential.name}",
                    parent=application_address(key),
                    position=credential.position,
                )

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live ones of each declared application."""
        for key, live in directory.live.items():
            application = manifest.applications.get(key)
            if application is None or ignored(application, "federatedIdentityCredentials"):
                continue
            for entry in live.rows(FEDERATED):
                yield Resource(
                    Address("federatedCredential", f"{key}/{entry.name}"),
                    _values(entry),
                    CredentialFacts(entry.id, entry.name),
                    title=f"{key}/{entry.name}",
                    parent=application_address(key),
                )

    def normal(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return them with what is empty as null."""
        return normal.credential(values)

    def effects(self, change: Change) -> Iterable[Effect]:
        """Return whoever may sign in from now on, as the credential says it whole."""
        if isinstance(change, Create | Update):
            after = change.after
            said = ", ".join(f"{field} {values.quoted(after.values[field])}" for field in FIELDS if after.values.get(field))
            yield Effect("federated credential", f"{after.title}: {said}", after.address, after.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return the writes of each application one after another: first what goes, for issuer and subject are unique in it."""
        last: dict[Address, str] = {}
        changes = sorted(
            view.of(self.name), key=lambda change: 0 if isinstance(change, Delete) else isinstance(change, Create) + 1
        )
        deleted = {address for address, change in view.changes.items() if isinstance(change, Delete)}
        for change in changes:
            side = subject_of(change)
            assert side.parent is not None
            if side.parent in deleted:
                continue
            write = _write(change, side.parent, frozenset({last[side.parent]} if side.parent in last else ()))
            if not isinstance(change, Create):
                # What makes room is needed; one addition does not need another.
                last[side.parent] = write.id
            yield write


def _name(resource: Resource) -> str:
    return CredentialFacts.of(resource).name


def _values(entry: FederatedTrust) -> dict[str, Value]:
    return {
        "issuer": entry.issuer,
        "subject": entry.subject,
        "audiences": list(entry.audiences),
        "description": entry.description,
    }


def _write(change: object, application: Address, needs: frozenset[str]) -> Step:
    collection = text("/applications/", Ref(application), "/federatedIdentityCredentials")
    chain = f"{application}/federatedCredentials"
    match change:
        case Create(after):
            name = _name(after)
            body = {"name": name, **{field: value for field, value in after.values.items() if value is not None}}
            declared = {field: value for field, value in body.items() if field != "name"}
            return Step(
                f"{after.address}/add",
                (after.address,),
                Phase.REFERENCE,
                Request("POST", collection, body),
                application,
                chain,
                Order(loose=True),
                needs=needs,
                found_by=Probe(Request("GET", text(*collection.parts, f"/{name}")), Holds(declared)),
                # A plan reads the list, which lags behind a read by name.
                visible=Probe(Request("GET", collection), Listed(body)),
                # One of that name which the list did not show yet has what an earlier manifest said: a name is no content.
                fallback=(Request("PATCH", text(*collection.parts, f"(name={literal(name)})"), declared),),
            )
        case Update(before, after):
            path = text(*collection.parts, f"/{before.facts.id}")
            changed = {field: value for field, value in after.values.items() if not holds(before.values.get(field), value)}
            return Step(
                f"{after.address}/change",
                (after.address,),
                Phase.REFERENCE,
                Request("PATCH", path, changed),
                application,
                chain,
                needs=needs,
                guard=Probe(Request("GET", path), Holds({field: before.values.get(field) for field in changed})),
                visible=Probe(Request("GET", collection), Listed({"name": _name(before), **changed})),
                order=Order(cleans=True, loose=True),
            )
        case Delete(before):
            path = text(*collection.parts, f"/{before.facts.id}")
            return Step(
                f"{before.address}/remove",
                (before.address,),
                Phase.REFERENCE,
                Request("DELETE", path),
                application,
                chain,
                needs=needs,
                done_if=("Request_ResourceNotFound",),
                visible=Probe(Request("GET", collection), Absent({"name": _name(before)})),
                order=Order(cleans=True, loose=True),
            )
    raise AssertionError(change)
