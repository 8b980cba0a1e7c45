"""Who is who, and all answers, in; what a plan needs to know of the tenant out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from entra_config.actual import identifying, makers, names, pins, restricted, uris
from entra_config.actual.apis import apis, ids_to_names
from entra_config.actual.external_names import external_names
from entra_config.actual.fetch import Responses, TenantReader
from entra_config.actual.policies import Policies
from entra_config.actual.question import (
    ORGANIZATION,
    OUR_APPLICATIONS,
    ByIds,
    ExpandedGroup,
    ExternalPrincipal,
    GroupMembers,
    HeldBy,
)
from entra_config.claimants import Rank, is_ours
from entra_config.errors import Problem
from entra_config.identity import Identified
from entra_config.kinds.details import Detail, RoleHolding
from entra_config.kinds.directory import Api, Directory, Json, Live, Subject
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Deployer, Effect, Notice, Refusal, TenantInfo
from entra_config.resource import Address


@dataclass(frozen=True, slots=True)
class Found:
    """All that a plan needs to know of the tenant.

    `seen` are the appIds of all that has our ownership tags or was looked for; `problems` only reach who
    asked not to fail; `edits` are the guards and pins that a change edits; `policies` is None where what
    the tenant refuses was not asked; `person`: a user is signed in, `by` is what people call who is.
    `makers` are the deployers whose creations prove themselves, `ranks` how each key's object is known to be
    it.
    """

    tenant: TenantInfo
    directory: Directory
    notices: tuple[Notice, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    signed_in: str = ""
    bind: tuple[str, ...] = ()
    purges: Mapping[Address, tuple[str, ...]] = field(default_factory=dict)
    deleters: Mapping[str, str] = field(default_factory=dict)
    claims: uris.Claims = field(default_factory=lambda: uris.Claims({}, None))
    seen: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    edits: tuple[Effect, ...] = ()
    policies: Policies | None = None
    person: bool = False
    by: str = ""
    makers: tuple[Deployer, ...] = ()
    ranks: Mapping[str, Rank] = field(default_factory=dict)


def found(
    graph: TenantReader,
    manifest: Manifest,
    subjects: Mapping[str, Subject],
    responses: Responses,
    identified: Identified,
) -> Found:
    """Return what the answers mean; `problems` are those of all that was looked for."""
    principals, doubled = names.principals(manifest, responses)
    known, unknown, missing = apis(manifest, subjects, responses)
    notices, refusals = names.remarks(manifest, principals)
    signed_in = graph.identity.object_id
    directory = _directory(
        graph, manifest, subjects, responses, identified=identified, principals=principals, known=known
    )
    return Found(
        _tenant(manifest.tenant_id, responses.first(ORGANIZATION) or {}),
        directory,
        (*identified.notices, *notices),
        (*refusals, *missing),
        signed_in,
        bind=_owners(manifest, principals, directory.unsaid)
        or (_itself(responses, signed_in) if signed_in in directory.deployers else ()),
        person=_is(responses, signed_in, "user"),
        by=names.reader(graph.identity, directory),
        makers=makers.trusted(manifest, responses, signed_in),
        ranks=identified.ranks,
        seen=frozenset(app["appId"] for app in identifying.everything(responses)),
        problems=(
            *identified.problems,
            *doubled,
            *unknown,
            *restricted.problems(manifest, subjects, responses),
            *names.mistaken(manifest, principals),
        ),
    )


def _directory(
    graph: TenantReader,
    manifest: Manifest,
    subjects: Mapping[str, Subject],
    responses: Responses,
    *,
    identified: Identified,
    principals: names.Principals,
    known: Mapping[str, Api],
) -> Directory:
    signed_in = graph.identity.object_id
    renamed = pins.renamed(manifest, principals, subjects)
    unsaid = frozenset(id_ for id_, each in renamed.items() if manifest.protected and not each.pinned)
    by_id = {api.id: api for api in known.values() if isinstance(api.id, str)}
    external = {item["id"]: item["appId"] for item in responses.every(ExternalPrincipal)}
    return Directory(
        graph=graph.base_url,
        principals=principals,
        apis=known,
        live=_live(subjects, responses),
        names=ids_to_names(known, subjects, responses),
        app_ids={id_: str(api.app_id) for id_, api in by_id.items()} | external,
        deployers=_deployers(manifest, principals, responses, signed_in),
        taken=identified.taken,
        vouched=frozenset(key for key, rank in identified.ranks.items() if rank < Rank.MARKED),
        by_id=by_id,
        own_principals={
            subject.service_principal["id"]: key
            for key, subject in subjects.items()
            if subject.service_principal is not None and not subject.others
        },
        own_app_ids={
            subject.application["appId"]: key
            for key, subject in subjects.items()
            if subject.application is not None
        },
        renamed=renamed,
        unsaid=unsaid,
        external_names=external_names(manifest.tenant_id, known, subjects, responses),
        holdings=_holdings(manifest, principals, responses),
        vetted=_deployers(manifest, principals, responses, signed_in, unsaid),
        tagged=_tagged(manifest, subjects, responses),
    )


def _tagged(manifest: Manifest, subjects: Mapping[str, Subject], responses: Responses) -> frozenset[str]:
    """Return the appIds of applications with our ownership tags that are no key's."""
    declared = {subject.application["id"] for subject in subjects.values() if subject.application is not None}
    return frozenset(
        app["appId"]
        for app in responses[OUR_APPLICATIONS]
        if is_ours(app, manifest.owner) and app["id"] not in declared
    )


def _live(subjects: Mapping[str, Subject], responses: Responses) -> dict[str, Live]:
    about: dict[str, dict[Detail[Any], tuple[Any, ...]]] = {key: {} for key in subjects}
    for question, items in responses.about():
        if question.key in about:
            about[question.key][question.detail] = tuple(items)
    return {key: Live(subject, about[key]) for key, subject in subjects.items()}


def _holdings(
    manifest: Manifest, principals: names.Principals, responses: Responses
) -> dict[str, tuple[RoleHolding, ...]]:
    found = (
        principals.get(("servicePrincipal", each.named.id or each.named.name)) for each in manifest.grants
    )
    return {who.id: tuple(responses[HeldBy(who.id)]) for who in found if who is not None}


def _itself(responses: Responses, signed_in: str) -> tuple[str, ...]:
    """Return who is signed in, of an application: it does not become owner of what it creates in every
    case; a user does.
    """
    return (signed_in,) if _is(responses, signed_in, "servicePrincipal") else ()


def _is(responses: Responses, signed_in: str, type_: str) -> bool:
    """Tell whether who is signed in is an object of a type."""
    selves = (item for item in responses.every(ByIds) if item["id"] == signed_in)
    return any(str(item.get("@odata.type")).endswith(f".{type_}") for item in selves)


def _tenant(id_: str, organization: Json) -> TenantInfo:
    domains = organization.get("verifiedDomains") or []
    name = next(
        (domain["name"] for domain in domains if domain.get("isInitial")),
        str(organization.get("displayName", "")),
    )
    return TenantInfo(id_, name, frozenset(str(domain["name"]).casefold() for domain in domains))


def _owners(manifest: Manifest, principals: names.Principals, unsaid: frozenset[str]) -> tuple[str, ...]:
    """Return the service principals that `deployers` names: they own what is created, whoever plans it."""
    found = (
        principals.get(("servicePrincipal", named.id or named.name)) for named in manifest.deployers or ()
    )
    owners = {who.id for who in found if who is not None and who.type == "servicePrincipal"}
    return tuple(sorted(owners - unsaid))


def _deployers(
    manifest: Manifest,
    principals: names.Principals,
    responses: Responses,
    signed_in: str,
    unsaid: frozenset[str] = frozenset(),
) -> frozenset[str]:
    if manifest.deployers is None:
        return frozenset({signed_in} if signed_in else ())
    found: set[str] = set()
    for named in manifest.deployers:
        for type_ in ("user", "group", "servicePrincipal"):
            who = principals.get((type_, named.id or named.name))
            if who is not None and who.id not in unsaid:
                expanded = [
                    member
                    for group in responses[ExpandedGroup(who.id)]
                    for member in group.get("members", ())
                ]
                found |= {who.id, *(member["id"] for member in (*responses[GroupMembers(who.id)], *expanded))}
    return frozenset(found)
