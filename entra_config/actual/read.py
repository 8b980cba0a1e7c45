"""Graph and a manifest in; the tenant's side of it out, read level by level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from entra_config import identity
from entra_config.actual import (
    edited,
    external,
    identifying,
    makers,
    names,
    policies,
    questions,
    restricted,
    uris,
)
from entra_config.actual.ask import Questions, Responses, TenantReader, ask
from entra_config.actual.found import Found, found
from entra_config.actual.question import (
    DELETED_APPLICATIONS,
    DELETED_PRINCIPALS,
    ORGANIZATION,
    OUR_APPLICATIONS,
    OUR_PRINCIPALS,
    About,
    ApiOfOthers,
    ApplicationByAppId,
    Certificates,
    ExpandedGroup,
    GroupMembers,
    HeldBy,
    NameBearers,
    PrincipalByAppId,
)
from entra_config.claimants import Candidates
from entra_config.errors import ManifestError, TenantError
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.base import Kind, application_address, unique_name
from entra_config.kinds.directory import Subject
from entra_config.manifest.edits import NOTHING, Edits
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Notice
from entra_config.resource import Address, Text

DELETED = "/directory/deletedItems/microsoft.graph."


async def read(
    graph: TenantReader,
    manifest: Manifest,
    kinds: Iterable[Kind],
    *,
    purge_deleted: bool = False,
    made: frozenset[str] = frozenset(),
    mending: bool = False,
    edits: Edits | None = None,
    preflight: bool = False,
) -> Found:
    """Read what the manifest is about, level by level; each level is one batch of requests.

    `made` are ids of objects that POSTs of this very run answered; `mending`: what is wrong is returned and
    stops nothing. `edits` are the pins that a change edits, to be told; `preflight`: what the tenant will
    refuse is asked, too.
    """
    if graph.tenant_id and graph.tenant_id != manifest.tenant_id:
        raise TenantError(
            f"the token is for tenant {graph.tenant_id}, environment {manifest.environment} is "
            f"{manifest.tenant_id}"
        )
    reading = _Reading(
        graph,
        manifest,
        tuple(kinds),
        made,
        purging=purge_deleted,
        edits=edits or NOTHING,
        preflight=preflight,
    )
    await reading.first()
    await reading.second()
    await reading.series()
    await reading.lost()
    reading.settle()
    await reading.late()
    await reading.unnamed()
    whole = reading.found()
    if whole.problems and not mending:
        raise ManifestError(list(whole.problems))
    return whole


@dataclass(slots=True)
class _Reading:
    """The answers so far, and what they mean: `sure` after the first level, who is who after the second."""

    graph: TenantReader
    manifest: Manifest
    kinds: tuple[Kind, ...]
    made: frozenset[str]
    purging: bool
    edits: Edits = NOTHING
    preflight: bool = False
    answers: Responses = field(default_factory=Responses)
    sure: dict[str, Subject] = field(default_factory=dict)
    claimed: Questions = field(default_factory=dict)
    identified: identity.Identified = field(default_factory=lambda: identity.Identified({}, frozenset()))
    subjects: dict[str, Subject] = field(default_factory=dict)
    purges: dict[Address, tuple[str, ...]] = field(default_factory=dict)
    unique_names: dict[str, str | Text] = field(default_factory=dict)
    passed: list[Notice] = field(default_factory=list)
    of_policies: Questions = field(default_factory=dict)

    async def first(self) -> None:
        """Ask what can be asked at once."""
        first = questions.first_level(self.manifest, self.graph.identity.object_id)
        if self.preflight:
            self.of_policies = policies.first(self.manifest, self.graph.identity)
        asked = first | edited.questions(self.edits) | self.of_policies
        self.answers = await ask(self.graph, asked, optional=self.of_policies)
        _same_tenant(self.manifest, self.answers)
        self.sure = _certain(self.manifest, self.answers)

    async def second(self) -> None:
        """Ask for the details of what is certain, whether what is absent really is, and who could be in
        the way.
        """
        self.claimed = uris.questions(self.manifest, self.sure)
        asked = _details(self.sure, self.kinds, self.manifest) | _second_level(
            self.manifest, self.answers, self.sure
        )
        asked |= makers.questions(self.manifest, self.answers, self.graph.identity.object_id)
        asked |= restricted.registrations(self.manifest, self.answers) | edited.further(
            self.edits, self.answers
        )
        optional = dict(self.claimed)
        if self.preflight:
            count = len(self.of_policies)
            optional |= policies.second(
                self.manifest, self.graph.identity, self.answers, self.sure, asked=count
            )
        self.answers.take(await ask(self.graph, asked | optional, optional=optional))
        self._identify()

    async def series(self) -> None:
        """Ask for further names, where somebody holds the name of a would-be creation."""
        if taken := identifying.series(
            self.manifest, self.identified, self.answers, purge_deleted=self.purging
        ):
            self.answers.take(await ask(self.graph, taken))
            self._identify()

    async def lost(self) -> None:
        """Ask for the service principals of would-be creations that turned out to exist."""
        self.subjects = _subjects(self.manifest, self.identified, self.answers)
        if lost := _lost(self.manifest, self.subjects, self.answers):
            self.answers.take(await ask(self.graph, lost))
            self.subjects = _subjects(self.manifest, self.identified, self.answers)

    def settle(self) -> None:
        """Choose the names of creations, and leave out what is purged and what was asked about another
        object.
        """
        self.purges = _purges(self.subjects) if self.purging else {}
        self.unique_names, self.passed = identifying.chosen(
            self.manifest, self.identified, self.answers, self.purges
        )
        self.answers.keep(lambda question: identifying.same(question.key, self.sure, self.subjects))
        self.subjects = {
            key: each for key, each in self.subjects.items() if application_address(key) not in self.purges
        }

    async def late(self) -> None:
        """Ask for the details of what was not certain, for certificates, and for the names of strangers."""
        uncertain = {key: each for key, each in self.subjects.items() if not self._was_certain(key)}
        details = _details(uncertain, self.kinds, self.manifest)
        asked = {key: request for key, request in details.items() if key not in self.answers}
        asked |= external.questions(self.manifest, self.subjects, self.answers) | _keys(self.subjects)
        if asked:
            self.answers.take(await ask(self.graph, asked))
            self.subjects = {key: _with_keys(subject, self.answers) for key, subject in self.subjects.items()}

    async def unnamed(self) -> None:
        """Ask for the names of applications of which only what was read late holds something."""
        further = external.questions(self.manifest, self.subjects, self.answers)
        if unnamed := {key: request for key, request in further.items() if key not in self.answers}:
            self.answers.take(await ask(self.graph, unnamed))

    def found(self) -> Found:
        """Return what was read."""
        identified = replace(self.identified, notices=(*self.identified.notices, *self.passed))
        whole = found(self.graph, self.manifest, self.subjects, self.answers, identified)
        directory = replace(whole.directory, unique_names=self.unique_names)
        claims = uris.claims(self.claimed, self.answers)
        edits = edited.reported(self.edits, self.answers)
        chosen = policies.read(self.manifest, self.answers, self.sure) if self.preflight else None
        return replace(
            whole, directory=directory, purges=self.purges, claims=claims, edits=edits, policies=chosen
        )

    def _identify(self) -> None:
        self.identified = identifying.identified(
            self.manifest, self.answers, self.graph.identity.object_id, self.made
        )

    def _was_certain(self, key: str) -> bool:
        before = self.sure.get(key)
        whole = before is not None and before.application is not None and before.service_principal is not None
        return whole and identifying.same(key, self.sure, self.subjects)


def _same_tenant(manifest: Manifest, answers: Responses) -> None:
    organization = answers.first(ORGANIZATION)
    if organization and organization["id"] != manifest.tenant_id:
        raise TenantError(
            f"signed in to tenant {organization['id']}, environment {manifest.environment} is "
            f"{manifest.tenant_id}"
        )


def _certain(manifest: Manifest, answers: Responses) -> dict[str, Subject]:
    """Return the subjects about which the first level leaves no doubt, so that the second can ask for
    their details.
    """
    tagged = answers[OUR_APPLICATIONS]
    principals = {item["appId"]: item for item in answers[OUR_PRINCIPALS]}
    found = identity.identify(manifest, Candidates(live=tuple(tagged), whole=False))
    certain = {
        key: Subject(key, app, principals.get(app["appId"])) for key, app in found.applications.items()
    }
    for key in (*manifest.enterprise_applications, *questions.others(manifest)):
        items = answers[ApiOfOthers(key)]
        if len(items) == 1 and key in manifest.listed:
            certain[key] = Subject(key, None, items[0], others=True)
    return certain


def _details(subjects: Mapping[str, Subject], kinds: Iterable[Kind], manifest: Manifest) -> Questions:
    kinds = tuple(kinds)
    asked: Questions = {}
    for key, subject in subjects.items():
        if not subject.deleted:
            for kind in kinds:
                asked |= {
                    About(key, detail): request for detail, request in kind.ask(subject, manifest).items()
                }
    return asked


def _second_level(manifest: Manifest, answers: Responses, sure: Mapping[str, Subject]) -> Questions:
    """Return what confirms by key that something absent from a list is absent, and who the deployers are."""
    asked = _absent(manifest, answers, sure)
    for upn in sorted(names.missing_users(manifest, answers)):
        path = f"/users/{quote(upn)}?$select=id,displayName,userPrincipalName"
        asked[NameBearers("user", upn)] = Request("GET", path)
    found, _ = names.principals(manifest, answers)
    return asked | _holdings(manifest, found) | _memberships(manifest, found)


def _absent(manifest: Manifest, answers: Responses, sure: Mapping[str, Subject]) -> Questions:
    """Return what confirms by key that an application which no list shows is absent."""
    asked: Questions = {}
    select = questions.application_select(manifest)
    without_keys = questions.application_select(manifest, keys=False)
    principal_select = questions.principal_select(manifest)
    tagged = {app["appId"] for app in answers[OUR_APPLICATIONS]}
    for key, application in manifest.applications.items():
        subject = sure.get(key)
        app_id = application.app_id
        if app_id and app_id not in tagged:
            asked[ApplicationByAppId(app_id)] = Request(
                "GET", f"{by_key('applications', 'appId', app_id)}?$select={select}"
            )
            asked[PrincipalByAppId(app_id)] = _principal(app_id, principal_select)
        elif subject is not None and subject.application is not None and subject.service_principal is None:
            known = subject.application["appId"]
            asked[PrincipalByAppId(known)] = _principal(known, principal_select)
        if subject is None and (application.locked or not app_id):
            asked |= identifying.holders([unique_name(manifest, key)], without_keys)
        if subject is None:
            asked[DELETED_APPLICATIONS] = Request("GET", f"{DELETED}application?$select={select}&$top=999")
            asked[DELETED_PRINCIPALS] = Request(
                "GET", f"{DELETED}servicePrincipal?$select={principal_select}&$top=999"
            )
    return asked


def _holdings(manifest: Manifest, found: names.Principals) -> Questions:
    """Return what tells the roles that each principal of `grants` holds."""
    who = (found.get(("servicePrincipal", given.named.id or given.named.name)) for given in manifest.grants)
    return {
        HeldBy(each.id): Request("GET", f"/servicePrincipals/{each.id}/appRoleAssignments?$top=999")
        for each in who
        if each is not None
    }


def _memberships(manifest: Manifest, found: names.Principals) -> Questions:
    """Return what tells who is in the groups among the deployers."""
    asked: Questions = {}
    for named in manifest.deployers or ():
        who = found.get(("group", named.id or named.name))
        if who is not None and who.type == "group":
            asked[GroupMembers(who.id)] = Request("GET", f"/groups/{who.id}/members?$select=id&$top=999")
            # The list leaves service principals out; what is expanded has them, up to 20 members (known
            # issues of v1.0).
            asked[ExpandedGroup(who.id)] = Request(
                "GET", f"/groups/{who.id}?$select=id&$expand=members($select=id)"
            )
    return asked


def _principal(app_id: str, select: str) -> Request:
    return Request("GET", f"{by_key('servicePrincipals', 'appId', app_id)}?$select={select}")


def _subjects(manifest: Manifest, found: identity.Identified, answers: Responses) -> dict[str, Subject]:
    principals = {
        item["appId"]: item for item in (*answers[OUR_PRINCIPALS], *answers.firsts(PrincipalByAppId))
    }
    gone = {item["appId"]: item for item in answers[DELETED_PRINCIPALS]}
    subjects: dict[str, Subject] = {}
    for key, app in found.applications.items():
        deleted = key in found.deleted
        subjects[key] = Subject(key, app, (gone if deleted else principals).get(app["appId"]), deleted)
    for key in (*manifest.enterprise_applications, *questions.others(manifest)):
        items = answers[ApiOfOthers(key)]
        if len(items) == 1:
            subjects[key] = Subject(key, None, items[0], others=True)
    return subjects


def _lost(manifest: Manifest, subjects: Mapping[str, Subject], answers: Responses) -> Questions:
    """Return the questions for the service principal of each application that is found by its name alone."""
    select = questions.principal_select(manifest)
    live = [
        subject.application
        for subject in subjects.values()
        if subject.application and not subject.service_principal
    ]
    return {
        PrincipalByAppId(body["appId"]): _principal(body["appId"], select)
        for body in live
        if PrincipalByAppId(body["appId"]) not in answers and not body.get("deletedDateTime")
    }


def _keys(subjects: Mapping[str, Subject]) -> Questions:
    """Return the question for the certificates of each application that was found by name, and so without
    them.
    """
    bodies = [subject.application for subject in subjects.values() if subject.application is not None]
    return {
        Certificates(body["id"]): Request("GET", f"/applications/{body['id']}?$select=id,keyCredentials")
        for body in bodies
        if "keyCredentials" not in body
    }


def _with_keys(subject: Subject, answers: Responses) -> Subject:
    found = (
        answers.first(Certificates(subject.application["id"])) if subject.application is not None else None
    )
    return (
        replace(subject, application={**subject.application, **found})
        if found and subject.application
        else subject
    )


def _purges(subjects: Mapping[str, Subject]) -> dict[Address, tuple[str, ...]]:
    """Return the deleted objects to be purged, by the address that is then created (the service principal
    outlives the app).
    """
    return {
        application_address(key): tuple(
            body["id"] for body in (subject.service_principal, subject.application) if body is not None
        )
        for key, subject in subjects.items()
        if subject.deleted
    }
