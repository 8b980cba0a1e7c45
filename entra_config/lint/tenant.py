"""A signed-in Graph and a manifest in; what rules on the tenant look at out, read as a plan reads, and what
could not be read.

Beside what a plan reads: whether owners are guests and have a second factor, members of assigned groups,
consents at our APIs, credentials on Microsoft's own service principals, all registrations, the tenant's
policies on consent; and of the beta endpoint its app management policies, when each application was last used
and what Microsoft recommends. What is refused is said, and its rules are silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from entra_config.actual import policies
from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.question import (
    APP_POLICIES,
    AUTHORIZATION_POLICY,
    DEFAULT_APP_POLICY,
    AppPolicyObjects,
    Json,
    Question,
)
from entra_config.actual.read import read as read_tenant
from entra_config.graph.odata import literal
from entra_config.graph.privileges import reported
from entra_config.graph.request import Request
from entra_config.kinds.allowed_tenants import AUDIENCE, SEVERAL
from entra_config.kinds.details import HOLDERS, OWNERS
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.table import KINDS, sign_ins
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.model import Manifest

MICROSOFT = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_BEHAVIOURS = "id,authenticationBehaviors,servicePrincipalLockConfiguration"
_OWNER = "$select=id,displayName,userPrincipalName,userType"


@dataclass(frozen=True, slots=True)
class LintQuestion(Question[Json]):
    """A question that only lint asks: in words what is unknown without its answer, and whom it is about,
    if anybody.
    """

    what: str
    of: str = ""


REGISTRATIONS = LintQuestion("all registrations")
CONSENT_REQUESTS = LintQuestion("the policy on requests for consent")
MICROSOFT_PRINCIPALS = LintQuestion("credentials of Microsoft's own service principals")
SIGN_INS = LintQuestion("when applications were last used")
RECOMMENDATIONS = LintQuestion("what Microsoft recommends")
# Of one recommendation, of one application of ours (by its key), of one owner, of one group that holds a
# role.
impacted = partial(LintQuestion, "what Microsoft's recommendations are about")
owners_of = partial(LintQuestion, "whether owners are guests")
behaviours = partial(LintQuestion, "authentication behaviours and locks")
tenants_of = partial(LintQuestion, "which tenants may use applications of several")
expressions_of = partial(LintQuestion, "what federated credentials without a subject match")
consents_to = partial(LintQuestion, "consents of single people")
second_factor = partial(LintQuestion, "whether owners have a second factor")
members = partial(LintQuestion, "members of groups that hold roles")
certificates_of = partial(LintQuestion, "who issued certificates")
# Questions of plans too, which do not say in lint's words what is unknown without them.
_ALSO_REQUESTED: Mapping[Question[Any], str] = {
    AUTHORIZATION_POLICY: "the authorization policy",
    DEFAULT_APP_POLICY: "the default app management policy",
    APP_POLICIES: "the app management policies of single applications",
}


@dataclass(frozen=True, slots=True)
class TenantReading:
    """What was read: what a plan reads of the tenant, and the answers to what lint asks beside it."""

    directory: Directory
    responses: Responses
    unread: tuple[str, ...] = ()
    verified_domains: frozenset[str] = frozenset()

    @property
    def policies(self) -> policies.Policies:
        """Return what the tenant's policies say."""
        return policies.chosen(self.responses)


async def read(graph: TenantReader, manifest: Manifest) -> TenantReading:
    """Read the tenant of one environment."""
    found = await read_tenant(graph, manifest, KINDS, mending=True)
    requests = questions(found.directory)
    responses = await fetch(graph, requests, optional=requests)
    further = _impacted(responses) | policies.assigned(responses)
    if _keys_matter(responses):
        further |= _certificates(found.directory)
    responses.take(await fetch(graph, further, optional=further))
    requests = {**requests, **further}
    unread = tuple(_unread(requests, responses))
    return TenantReading(found.directory, responses, unread, found.claims.domains or frozenset())


def _unread(requests: Questions, responses: Responses) -> list[str]:
    missing: dict[str, Request] = {}
    for question, request in requests.items():
        if question not in responses:
            missing.setdefault(_what(question), request)
    return [f"{what}: it needs {reported(request)}" for what, request in sorted(missing.items(), key=str)]


def _what(question: Question[Any]) -> str:
    if isinstance(question, AppPolicyObjects):
        return "which applications have app management policies of their own"
    return question.what if isinstance(question, LintQuestion) else _ALSO_REQUESTED[question]


def _keys_matter(responses: Responses) -> bool:
    """Tell whether any policy says who may issue certificates: what is asked of single objects is dear
    (150 a minute).
    """
    return any(
        "trustedCertificateAuthority" in str(each)
        for question in policies.app_policies(beta=True)
        for each in responses[question]
    )


def _certificates(directory: Directory) -> Questions:
    """Return the question for the certificates of each application that has some, which no list tells in
    full.
    """
    return {
        certificates_of(key): _get(f"/applications/{application['id']}?$select=id,keyCredentials")
        for key, live in ours(directory).items()
        if (application := live.subject.application) is not None and application.get("keyCredentials")
    }


def _impacted(responses: Responses) -> Questions:
    """Return what is asked about each recommendation that is active."""
    active = (each for each in responses[RECOMMENDATIONS] if each.get("status") == "active")
    path = "/directory/recommendations"
    return {
        impacted(each["id"]): _get(f"{path}/{quote(each['id'])}/impactedResources", beta=True)
        for each in active
    }


def questions(directory: Directory) -> Questions:
    """Return what lint asks beside what a plan does."""
    requests: dict[Question[Any], Request] = {
        REGISTRATIONS: _get("/applications?$select=id,appId,displayName,tags&$top=999"),
        **policies.AUTHORIZATION,
        **policies.app_policies(beta=True),
        CONSENT_REQUESTS: _get("/policies/adminConsentRequestPolicy"),
        SIGN_INS: _get("/reports/servicePrincipalSignInActivities", beta=True),
        RECOMMENDATIONS: _get("/directory/recommendations", beta=True),
        MICROSOFT_PRINCIPALS: Request(
            "GET",
            f"/servicePrincipals?$filter=appOwnerOrganizationId%20eq%20{MICROSOFT}&$count=true"
            "&$select=id,appId,displayName,passwordCredentials,keyCredentials&$top=999",
            headers={"ConsistencyLevel": "eventual"},
        ),
    }
    for key, live in ours(directory).items():
        application, principal = live.subject.application, live.subject.service_principal
        if application is not None:
            requests[owners_of(key)] = _get(f"/applications/{application['id']}/owners?{_OWNER}")
            requests |= {
                expressions_of(key): listed.request(application["id"], beta=True)
                for listed, each in sign_ins(live)
                if each.subject is None and each.expression is None
            }
            if application.get(AUDIENCE) == SEVERAL:
                path = f"/applications/{application['id']}?$select=id,{RESTRICTIONS}"
                requests[tenants_of(key)] = _get(path, beta=True)
            requests[behaviours(key)] = _get(f"/applications/{application['id']}?$select={_BEHAVIOURS}")
        for owner in live.rows(OWNERS):
            if owner.type == "user":
                path = "/reports/authenticationMethods/userRegistrationDetails"
                requests[second_factor(owner.id)] = _get(f"{path}/{owner.id}")
        if principal is not None and not live.subject.parked:
            requests[consents_to(key)] = _get(
                f"/oauth2PermissionGrants?$filter=resourceId%20eq%20{literal(principal['id'])}&$top=999"
            )
        for held in live.rows(HOLDERS):
            if held.principal_type == "Group":
                requests[members(held.principal)] = _get(
                    f"/groups/{held.principal}/members?$select=id,displayName&$top=999"
                )
    return requests


def ours(directory: Directory) -> Mapping[str, Live]:
    """Return the live applications of the manifest, by key."""
    return {
        key: live
        for key, live in directory.live.items()
        if live.subject.application is not None and not live.subject.deleted and not live.subject.others
    }


def _get(path: str, *, beta: bool = False) -> Request:
    return Request("GET", path, beta=beta)
