"""A signed-in Graph and a manifest in; what rules on the tenant look at out, read as a plan reads, and what could not be read.

Beside what a plan reads: whether owners are guests and have a second factor, members of assigned groups, consents at our APIs,
credentials on Microsoft's own service principals, all registrations, the tenant's policies on consent; and of the beta endpoint
when each application was last used and what Microsoft recommends. What is refused is said, and its rules are silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote

from entra_config.actual.ask import Answers, Questions, TenantReader, ask
from entra_config.actual.question import Json, Question
from entra_config.actual.read import read as read_tenant
from entra_config.graph.odata import literal
from entra_config.graph.privileges import told
from entra_config.graph.request import Request
from entra_config.kinds.details import HOLDERS, OWNERS, DelegatedConsent
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_BEHAVIOURS = "id,authenticationBehaviors,servicePrincipalLockConfiguration"
_OWNER = "$select=id,displayName,userPrincipalName,userType"


@dataclass(frozen=True, slots=True)
class LintQuestion(Question[Json]):
    """A question that only lint asks; `what` says in words what is unknown without its answer."""

    what: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Registrations(LintQuestion):
    """Every registration of the tenant."""

    what = "all registrations"


@dataclass(frozen=True, slots=True)
class AuthorizationFacts(LintQuestion):
    """What people of the tenant may."""

    what = "the authorization policy"


@dataclass(frozen=True, slots=True)
class ConsentRequests(LintQuestion):
    """Whether people may ask for an administrator's consent."""

    what = "the policy on requests for consent"


@dataclass(frozen=True, slots=True)
class MicrosoftPrincipals(LintQuestion):
    """Service principals of Microsoft's own applications, with their credentials."""

    what = "credentials of Microsoft's own service principals"


@dataclass(frozen=True, slots=True)
class SignIns(LintQuestion):
    """When each application was last signed in to, or with."""

    what = "when applications were last used"


@dataclass(frozen=True, slots=True)
class Recommendations(LintQuestion):
    """What Microsoft recommends."""

    what = "what Microsoft recommends"


@dataclass(frozen=True, slots=True)
class Impacted(LintQuestion):
    """What one recommendation is about."""

    id: str
    what = "what Microsoft's recommendations are about"


@dataclass(frozen=True, slots=True)
class OwnersOf(LintQuestion):
    """Owners of one application of ours, by its key, and whether they are guests."""

    key: str
    what = "whether owners are guests"


@dataclass(frozen=True, slots=True)
class SecondFactor(LintQuestion):
    """Whether a person who owns something registered a second factor."""

    person: str
    what = "whether owners have a second factor"


@dataclass(frozen=True, slots=True)
class Behaviours(LintQuestion):
    """What only `$select` shows of one application of ours, by its key."""

    key: str
    what = "authentication behaviours and locks"


@dataclass(frozen=True, slots=True)
class HoldingGroup(LintQuestion):
    """Direct members of a group that holds a role."""

    group: str
    what = "members of groups that hold roles"


@dataclass(frozen=True, slots=True)
class ConsentsTo(Question[DelegatedConsent]):
    """All consents to an API of ours, by its key, those of single people too."""

    key: str
    what: ClassVar[str] = "consents of single people"

    def read(self, item: Json) -> DelegatedConsent:
        """Return a consent."""
        return DelegatedConsent.read(item)


@dataclass(frozen=True, slots=True)
class TenantReading:
    """What was read: what a plan reads of the tenant, and the answers to what lint asks beside it."""

    directory: Directory
    answers: Answers
    unread: tuple[str, ...] = ()


async def read(graph: TenantReader, manifest: Manifest) -> TenantReading:
    """Read the tenant of one environment."""
    found = await read_tenant(graph, manifest, KINDS, mending=True)
    asked = questions(found.directory)
    answers = await ask(graph, asked, optional=asked)
    further = _impacted(answers)
    answers.take(await ask(graph, further, optional=further))
    asked = {**asked, **further}
    return TenantReading(found.directory, answers, tuple(_unread(asked, answers)))


def _unread(asked: Questions, answers: Answers) -> list[str]:
    missing: dict[str, Request] = {}
    for question, request in asked.items():
        if question not in answers:
            missing.setdefault(getattr(question, "what", ""), request)
    return [
        f"{what}: it needs {told(request) or 'a permission that is not known here'}"
        for what, request in sorted(missing.items(), key=str)
    ]


def _impacted(answers: Answers) -> Questions:
    """Return what is asked about each recommendation that is active."""
    active = (each for each in answers[Recommendations()] if each.get("status") == "active")
    path = "/directory/recommendations"
    return {Impacted(each["id"]): _get(f"{path}/{quote(each['id'])}/impactedResources", beta=True) for each in active}


def questions(directory: Directory) -> Questions:
    """Return what lint asks beside what a plan does."""
    asked: dict[Question[Any], Request] = {
        Registrations(): _get("/applications?$select=id,appId,displayName,tags&$top=999"),
        AuthorizationFacts(): _get("/policies/authorizationPolicy"),
        ConsentRequests(): _get("/policies/adminConsentRequestPolicy"),
        SignIns(): _get("/reports/servicePrincipalSignInActivities", beta=True),
        Recommendations(): _get("/directory/recommendations", beta=True),
        MicrosoftPrincipals(): Request(
            "GET",
            f"/servicePrincipals?$filter=appOwnerOrganizationId%20eq%20{MICROSOFT}&$count=true"
            "&$select=id,appId,displayName,passwordCredentials,keyCredentials&$top=999",
            headers={"ConsistencyLevel": "eventual"},
        ),
    }
    for key, live in ours(directory).items():
        application, principal = live.subject.application, live.subject.service_principal
        if application is not None:
            asked[OwnersOf(key)] = _get(f"/applications/{application['id']}/owners?{_OWNER}")
            asked[Behaviours(key)] = _get(f"/applications/{application['id']}?$select={_BEHAVIOURS}")
        for owner in live.rows(OWNERS):
            if owner.type == "user":
                path = "/reports/authenticationMethods/userRegistrationDetails"
                asked[SecondFactor(owner.id)] = _get(f"{path}/{owner.id}")
        if principal is not None:
            asked[ConsentsTo(key)] = _get(
                f"/oauth2PermissionGrants?$filter=resourceId%20eq%20{literal(principal['id'])}&$top=999"
            )
        for held in live.rows(HOLDERS):
            if held.principal_type == "Group":
                asked[HoldingGroup(held.principal)] = _get(f"/groups/{held.principal}/members?$select=id,displayName&$top=999")
    return asked


def ours(directory: Directory) -> Mapping[str, Live]:
    """Return the live applications of the manifest, by key."""
    return {
        key: live
        for key, live in directory.live.items()
        if live.subject.application is not None and not live.subject.deleted and not live.subject.others
    }


def _get(path: str, *, beta: bool = False) -> Request:
    return Request("GET", path, beta=beta)
