"""Federated credentials: the workload identities that may sign in as an application."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from entra_config.graph.odata import literal
from entra_config.graph.request import Request
from entra_config.kinds import normal
from entra_config.kinds.base import GrantsNothing, application_address, ignored, text
from entra_config.kinds.details import Detail, FederatedTrust, SignInList
from entra_config.kinds.directory import Directory, Subject
from entra_config.kinds.facts import application_at
from entra_config.kinds.trace import Part, Trace
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Manifest
from entra_config.manifest.parts import FederatedCredential
from entra_config.plan import values
from entra_config.plan.diff import Shape, holds
from entra_config.plan.model import Change, Create, Delete, Effect, Update, subject_of
from entra_config.plan.steps import Absent, Holds, Listed, Order, Phase, Probe, Step
from entra_config.properties import log_names, rows_of
from entra_config.resource import WHOLE, Address, Facts, Ref, Resource, Text, Value

PATH = "federatedIdentityCredentials"
TYPE = "federatedIdentityCredential"
NAME = "federatedCredential"
EXPRESSION = "claimsMatchingExpression"
FIELDS = tuple(row.path for row in rows_of(TYPE))
# The only version of the language that there is (federatedIdentityExpression documentation).
_LANGUAGE = 1


@dataclass(frozen=True, slots=True)
class CredentialFacts(Facts):
    """A federated credential; the name is unique in its application."""

    name: str = ""


def match(each: FederatedCredential) -> Mapping[str, Value]:
    """Return what Graph answers of one that a manifest declares."""
    named = {"name": each.name, "issuer": each.issuer, "subject": each.subject or None}
    # Of another subject's credential v1.0 tells no expression, and beta null.
    return {**named, EXPRESSION: {"value": each.expression}} if each.expression else named


FEDERATED = Detail("federated credentials", FederatedTrust.read)
LIST = SignInList(PATH, TYPE, NAME, FEDERATED, match)


class FederatedCredentialKind(GrantsNothing):
    """One for each name; written one after another, because side by side they collide (entra-docs)."""

    name = NAME
    trace = Trace(
        "federated credential",
        Part(
            PATH,
            log_names(TYPE),
            name=lambda own: CredentialFacts.of(own).name,
            id="credential",
        ),
        lambda own, tenant: {"object": application_at(tenant, own.parent).id, "credential": own.facts.id},
        lambda own: (CredentialFacts.of(own).name,),
        paths=(PATH,),
        gives="federated credential",
    )
    shape = Shape()
    sign_ins = (LIST,)

    def questions(self, subject: Subject, manifest: Manifest) -> Mapping[Detail[Any], Request]:
        """Ask for those of an application: at the beta endpoint where one is declared that only that
        endpoint tells whole.
        """
        if subject.application is None or subject.deleted:
            return {}
        id_, declared = subject.application["id"], manifest.applications.get(subject.key)
        if declared is not None and declared.flexible:
            return {FEDERATED: LIST.request(id_, beta=True)}
        return {FEDERATED: LIST.request(id_, f"?{FederatedTrust.SELECT}")}

    def desired(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:  # noqa: ARG002  # the protocol's
        """Return each declared one."""
        for key, application in manifest.applications.items():
            if ignored(application, PATH):
                continue
            for credential in application.federated_credentials.values():
                yield Resource(
                    Address(NAME, f"{key}/{credential.name}"),
                    {
                        "issuer": credential.issuer,
                        "subject": credential.subject,
                        **({EXPRESSION: credential.expression} if credential.expression else {}),
                        "audiences": [credential.audience],
                        "description": credential.description,
                    },
                    CredentialFacts(name=credential.name),
                    title=f"{key}/{credential.name}",
                    parent=application_address(key),
                    position=credential.position,
                    ends={WHOLE: credential.until} if credential.until else {},
                )

    def actual(self, manifest: Manifest, directory: Directory) -> Iterable[Resource]:
        """Return the live ones of each declared application."""
        for key, live in directory.live.items():
            application = manifest.applications.get(key)
            if application is None or ignored(application, PATH):
                continue
            for entry in live.rows(FEDERATED):
                yield Resource(
                    Address(NAME, f"{key}/{entry.name}"),
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
            wording = ", ".join(
                f"{field} {values.format_value(after.values[field])}"
                for field in FIELDS
                if after.values.get(field)
            )
            yield Effect("federated credential", f"{after.title}: {wording}", after.address, after.position)

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return the writes of each application one after another: first what goes, for issuer and subject
        are unique in it.
        """
        last: dict[Address, str] = {}
        changes = sorted(
            view.of(self.name),
            key=lambda change: 0 if isinstance(change, Delete) else isinstance(change, Create) + 1,
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
        **({EXPRESSION: entry.expression} if entry.expression else {}),
        "audiences": list(entry.audiences),
        "description": entry.description,
    }


def _sent(values: Mapping[str, Value]) -> dict[str, Value]:
    """Return values as Graph has them."""
    wording = values.get(EXPRESSION)
    return {**values, **({EXPRESSION: {"value": wording, "languageVersion": _LANGUAGE}} if wording else {})}


def _beta(*sides: Resource) -> bool:
    """Tell whether one of them has no subject, but an expression, which only the beta endpoint takes and
    tells.
    """
    return any(not side.values.get("subject") for side in sides)


def _write(change: object, application: Address, needs: frozenset[str]) -> Step:
    match change:
        case Create(after):
            return _added(after, application, needs)
        case Update(before, after):
            return _changed(before, after, application, needs)
        case Delete(before):
            return _removed(before, application, needs)
    raise AssertionError(change)


def _collection(application: Address) -> Text:
    return text("/applications/", Ref(application), f"/{PATH}")


def _chain(application: Address) -> str:
    return f"{application}/federatedCredentials"


def _added(after: Resource, application: Address, needs: frozenset[str]) -> Step:
    collection = _collection(application)
    name, beta = _name(after), _beta(after)
    declared = _sent({field: value for field, value in after.values.items() if value is not None})
    body, whole = {"name": name, **declared}, {"subject": None, EXPRESSION: None, **declared}
    return Step(
        f"{after.address}/add",
        (after.address,),
        Phase.REFERENCE,
        Request("POST", collection, body, beta=beta),
        application,
        _chain(application),
        Order(loose=True),
        needs=needs,
        found_by=Probe(Request("GET", text(*collection.parts, f"/{name}"), beta=beta), Holds(declared)),
        # A plan reads the list, which lags behind a read by name.
        visible=Probe(Request("GET", collection, beta=beta), Listed(body)),
        # One of that name which the list did not show yet has what an earlier manifest said, a subject or an
        # expression: a name is no content. Only beta takes away the one that is not declared.
        fallback=(Request("PATCH", text(*collection.parts, f"(name={literal(name)})"), whole, beta=True),),
    )


def _changed(before: Resource, after: Resource, application: Address, needs: frozenset[str]) -> Step:
    collection, path = _collection(application), _path(before, application)
    beta = _beta(before, after)
    changed = {
        field: value for field, value in after.values.items() if not holds(before.values.get(field), value)
    }
    was = _sent({field: before.values.get(field) for field in changed})
    # A subject comes in the place of the expression, not beside it.
    sent = {**_sent(changed), **({EXPRESSION: None} if _beta(before) and not _beta(after) else {})}
    return replace(
        _step(f"{after.address}/change", Request("PATCH", path, sent, beta=beta), after, application, needs),
        guard=Probe(Request("GET", path, beta=beta), Holds(was)),
        visible=Probe(Request("GET", collection, beta=beta), Listed({"name": _name(before), **sent})),
    )


def _removed(before: Resource, application: Address, needs: frozenset[str]) -> Step:
    request = Request("DELETE", _path(before, application))
    return replace(
        _step(f"{before.address}/remove", request, before, application, needs),
        done_if=("Request_ResourceNotFound",),
        visible=Probe(Request("GET", _collection(application)), Absent({"name": _name(before)})),
    )


def _path(before: Resource, application: Address) -> Text:
    return text(*_collection(application).parts, f"/{before.facts.id}")


def _step(id_: str, request: Request, side: Resource, application: Address, needs: frozenset[str]) -> Step:
    """Return a write to one that is there: it makes room for what comes after it."""
    order = Order(cleans=True, loose=True)
    return Step(
        id_,
        (side.address,),
        Phase.REFERENCE,
        request,
        application,
        _chain(application),
        order,
        needs=needs,
    )
