"""Graph and a manifest in; the tenant's side of it out: subjects, what hangs on them, what names mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from entra_config import identity
from entra_config.actual import foreign, identifying, makers, names, questions, uris
from entra_config.actual.apis import apis, ids_to_names
from entra_config.actual.ask import Answers, Key, Reader, ask
from entra_config.claimants import Candidates, Rank
from entra_config.errors import ManifestError, Problem, TenantError
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.base import Directory, Json, Kind, Live, Subject, application_address, unique_name
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice, Refusal, TenantInfo
from entra_config.resource import Address

DELETED = "/directory/deletedItems/microsoft.graph."


@dataclass(frozen=True, slots=True)
class Found:
    """All that a plan needs to know of the tenant.

    `seen` are the appIds of all that bears our marks or was looked for; `problems` only reach who asked not to fail.
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


async def read(
    graph: Reader,
    manifest: Manifest,
    kinds: Iterable[Kind],
    *,
    purge_deleted: bool = False,
    made: frozenset[str] = frozenset(),
    mending: bool = False,
) -> Found:
    """Read what the manifest is about, level by level; each level is one batch of requests.

    `made` are ids of objects that POSTs of this very run answered; `mending`: what is wrong is returned and stops nothing.
    """
    kinds = tuple(kinds)
    if graph.tenant_id and graph.tenant_id != manifest.tenant_id:
        raise TenantError(
            f"the token is for tenant {graph.tenant_id}, environment {manifest.environment} is {manifest.tenant_id}"
        )
    answers = await ask(graph, questions.first_level(manifest, graph.identity.object_id))
    _same_tenant(manifest, answers)
    sure = _certain(manifest, answers)
    signed_in = graph.identity.object_id
    claimed = uris.questions(manifest, sure)
    second = _details(sure, kinds, manifest) | _second_level(manifest, answers, sure)
    second |= makers.questions(manifest, answers, signed_in)
    answers |= await ask(graph, second | claimed, optional=claimed)
    found = identifying.identified(manifest, answers, signed_in, made)
    if taken := identifying.series(manifest, found, answers, purge_deleted=purge_deleted):
        # One more level, where somebody holds the name of a would-be creation.
        answers |= await ask(graph, taken)
        found = identifying.identified(manifest, answers, signed_in, made)
    subjects = _subjects(manifest, found, answers)
    if lost := _lost(manifest, subjects, answers):
        # One more level, where a would-be create turned out to exist.
        answers |= await ask(graph, lost)
        subjects = _subjects(manifest, found, answers)
    purges = _purges(subjects) if purge_deleted else {}
    names_taken, passed = identifying.chosen(manifest, found, answers, purges)
    answers = {key: items for key, items in answers.items() if key[0] != "about" or identifying.same(key[1], sure, subjects)}
    subjects = {key: subject for key, subject in subjects.items() if application_address(key) not in purges}
    late = {
        key: subject
        for key, subject in subjects.items()
        if (before := sure.get(key)) is None
        or before.service_principal is None
        or before.application is None
        or not identifying.same(key, sure, subjects)
    }
    details = {key: request for key, request in _details(late, kinds, manifest).items() if key not in answers}
    further = details | foreign.questions(manifest, subjects, answers) | _keys(subjects)
    if further:
        answers |= await ask(graph, further)
        subjects = {key: _with_keys(subject, answers) for key, subject in subjects.items()}
    # What was read late may hold something of applications that nothing named before.
    if unnamed := {key: each for key, each in foreign.questions(manifest, subjects, answers).items() if key not in answers}:
        answers |= await ask(graph, unnamed)
    whole = _found(graph, manifest, subjects, answers, replace(found, notices=(*found.notices, *passed)))
    if whole.problems and not mending:
        raise ManifestError(list(whole.problems))
    seen = frozenset(app["appId"] for app in identifying.everything(answers))
    directory = replace(whole.directory, unique_names=names_taken)
    return replace(whole, directory=directory, purges=purges, claims=uris.claims(claimed, answers), seen=seen)


def _same_tenant(manifest: Manifest, answers: Answers) -> None:
    organization = answers["organization",]
    if organization and organization[0]["id"] != manifest.tenant_id:
        raise TenantError(
            f"signed in to tenant {organization[0]['id']}, environment {manifest.environment} is {manifest.tenant_id}"
        )


def _certain(manifest: Manifest, answers: Answers) -> dict[str, Subject]:
    """Return the subjects about which the first level leaves no doubt, so that the second can ask for their details."""
    tagged = answers["applications",]
    principals = {item["appId"]: item for item in answers["servicePrincipals",]}
    found = identity.identify(manifest, Candidates(live=tuple(tagged), whole=False))
    certain = {key: Subject(key, app, principals.get(app["appId"])) for key, app in found.applications.items()}
    for key in (*manifest.enterprise_applications, *questions.others(manifest)):
        items = answers.get(("api", key), [])
        if len(items) == 1 and key in manifest.listed:
            certain[key] = Subject(key, None, items[0], others=True)
    return certain


def _details(subjects: Mapping[str, Subject], kinds: Iterable[Kind], manifest: Manifest) -> dict[Key, Request]:
    return {
        ("about", key, question): request
        for key, subject in subjects.items()
        if not subject.deleted
        for kind in kinds
        for question, request in kind.ask(subject, manifest).items()
    }


def _second_level(manifest: Manifest, answers: Answers, sure: Mapping[str, Subject]) -> dict[Key, Request]:
    """Return what confirms by key that something absent from a list is absent, and who the deployers are."""
    asked: dict[Key, Request] = {}
    select = questions.application_select(manifest)
    without_keys = questions.application_select(manifest, keys=False)
    principal_select = questions.principal_select(manifest)
    tagged = {app["appId"] for app in answers["applications",]}
    for key, application in manifest.applications.items():
        subject = sure.get(key)
        app_id = application.app_id
        if app_id and app_id not in tagged:
            asked["appId", app_id] = Request("GET", f"{by_key('applications', 'appId', app_id)}?$select={select}")
            asked["principal", app_id] = _principal(app_id, principal_select)
        elif subject is not None and subject.application is not None and subject.service_principal is None:
            known = subject.application["appId"]
            asked["principal", known] = _principal(known, principal_select)
        if subject is None and (application.locked or not app_id):
            asked |= identifying.holders([unique_name(manifest, key)], without_keys)
        if subject is None:
            asked["deleted", "application"] = Request("GET", f"{DELETED}application?$select={select}&$top=999")
            asked["deleted", "servicePrincipal"] = Request(
                "GET", f"{DELETED}servicePrincipal?$select={principal_select}&$top=999"
            )
    for upn in sorted(names.missing_users(manifest, answers)):
        path = f"/users/{quote(upn)}?$select=id,displayName,userPrincipalName"
        asked["name", "user", upn] = Request("GET", path)
    found, _ = names.principals(manifest, answers)
    for named in manifest.deployers or ():
        who = found.get(("group", named.id or named.name))
        if who is not None and who.type == "group":
            asked["members", who.id] = Request("GET", f"/groups/{who.id}/members?$select=id&$top=999")
            # The list leaves service principals out; what is expanded has them, up to 20 members (known issues of v1.0).
            asked["expanded", who.id] = Request("GET", f"/groups/{who.id}?$select=id&$expand=members($select=id)")
    return asked


def _principal(app_id: str, select: str) -> Request:
    return Request("GET", f"{by_key('servicePrincipals', 'appId', app_id)}?$select={select}")


def _subjects(manifest: Manifest, found: identity.Identified, answers: Answers) -> dict[str, Subject]:
    principals = {item["appId"]: item for item in answers["servicePrincipals",]} | identifying.of(answers, "principal")
    gone = {item["appId"]: item for item in answers.get(("deleted", "servicePrincipal"), [])}
    subjects: dict[str, Subject] = {}
    for key, app in found.applications.items():
        deleted = key in found.deleted
        subjects[key] = Subject(key, app, (gone if deleted else principals).get(app["appId"]), deleted)
    for key in (*manifest.enterprise_applications, *questions.others(manifest)):
        items = answers.get(("api", key), [])
        if len(items) == 1:
            subjects[key] = Subject(key, None, items[0], others=True)
    return subjects


def _lost(manifest: Manifest, subjects: Mapping[str, Subject], answers: Answers) -> dict[Key, Request]:
    """Return the questions for the service principal of each application that is found by its name alone."""
    select = questions.principal_select(manifest)
    live = [subject.application for subject in subjects.values() if subject.application and not subject.service_principal]
    return {
        ("principal", body["appId"]): _principal(body["appId"], select)
        for body in live
        if ("principal", body["appId"]) not in answers and not body.get("deletedDateTime")
    }


def _keys(subjects: Mapping[str, Subject]) -> dict[Key, Request]:
    """Return the question for the certificates of each application that was found by name, and so without them."""
    bodies = [subject.application for subject in subjects.values() if subject.application is not None]
    return {
        ("keys", body["id"]): Request("GET", f"/applications/{body['id']}?$select=id,keyCredentials")
        for body in bodies
        if "keyCredentials" not in body
    }


def _with_keys(subject: Subject, answers: Answers) -> Subject:
    found = answers.get(("keys", subject.application["id"])) if subject.application is not None else None
    return replace(subject, application={**subject.application, **found[0]}) if found and subject.application else subject


def _purges(subjects: Mapping[str, Subject]) -> dict[Address, tuple[str, ...]]:
    """Return the deleted objects to be purged, by the address that is then created (the service principal outlives the app)."""
    return {
        application_address(key): tuple(
            body["id"] for body in (subject.service_principal, subject.application) if body is not None
        )
        for key, subject in subjects.items()
        if subject.deleted
    }


def _found(
    graph: Reader,
    manifest: Manifest,
    subjects: Mapping[str, Subject],
    answers: Answers,
    found: identity.Identified,
) -> Found:
    principals, doubled = names.principals(manifest, answers)
    known, unknown, api_refusals = apis(manifest, subjects, answers)
    problems = (*found.problems, *doubled, *unknown)
    live: dict[str, dict[str, tuple[Json, ...]]] = {key: {} for key in subjects}
    for key, items in answers.items():
        if key[0] == "about" and key[1] in live:
            live[key[1]][key[2]] = tuple(items)
    notices, refusals = names.remarks(manifest, principals)
    signed_in = graph.identity.object_id
    directory = Directory(
        graph=graph.base_url,
        principals=principals,
        apis=known,
        live={key: Live(subject, live[key]) for key, subject in subjects.items()},
        names=ids_to_names(known, subjects, answers),
        app_ids={api.id: str(api.app_id) for api in known.values() if isinstance(api.id, str)}
        | {item["id"]: item["appId"] for key, items in answers.items() if key[0] == "foreign" for item in items},
        deployers=_deployers(manifest, principals, answers, signed_in),
        taken=found.taken,
        vouched=frozenset(key for key, rank in found.ranks.items() if rank < Rank.MARKED),
        by_id={api.id: api for api in known.values() if isinstance(api.id, str)},
        own_principals={
            subject.service_principal["id"]: key
            for key, subject in subjects.items()
            if subject.service_principal is not None and not subject.others
        },
    )
    # An application does not become owner of what it creates by itself in every case; a user does.
    selves = (item for key, items in answers.items() if key[0] == "ids" for item in items if item["id"] == signed_in)
    application = any(str(item.get("@odata.type")).endswith(".servicePrincipal") for item in selves)
    organization = (answers["organization",] or [{}])[0]
    return Found(
        TenantInfo(manifest.tenant_id, _tenant_name(organization)),
        directory,
        (*found.notices, *notices),
        (*refusals, *api_refusals),
        signed_in,
        bind=_owners(manifest, principals) or ((signed_in,) if application and signed_in in directory.deployers else ()),
        problems=problems,
    )


def _tenant_name(organization: Json) -> str:
    domains = organization.get("verifiedDomains") or []
    return next((domain["name"] for domain in domains if domain.get("isInitial")), str(organization.get("displayName", "")))


def _owners(manifest: Manifest, principals: names.Principals) -> tuple[str, ...]:
    """Return the service principals that `deployers` names: they own what is created, whoever plans it."""
    found = (principals.get(("servicePrincipal", named.id or named.name)) for named in manifest.deployers or ())
    return tuple(sorted({who.id for who in found if who is not None and who.type == "servicePrincipal"}))


def _deployers(manifest: Manifest, principals: names.Principals, answers: Answers, signed_in: str) -> frozenset[str]:
    if manifest.deployers is None:
        return frozenset({signed_in} if signed_in else ())
    found: set[str] = set()
    for named in manifest.deployers:
        for sort in ("user", "group", "servicePrincipal"):
            if (who := principals.get((sort, named.id or named.name))) is not None:
                expanded = [member for group in answers.get(("expanded", who.id), []) for member in group.get("members", ())]
                found |= {who.id, *(member["id"] for member in (*answers.get(("members", who.id), []), *expanded))}
    return frozenset(found)
