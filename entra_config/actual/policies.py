"""A manifest and a token in, what to ask about a tenant's policies out; from the answers, what it chose and
what is unknown.

what                        needs                 read where
app management policies     Policy.Read.All       there are applications in the manifest; at the beta endpoint
                                                                 where one has a certificate or an audience:
                                                                 all that v1.0 lacks
whom one of them is assigned to the same           it is on, as far as there is room
authorization policy            Policy.Read.All    there are applications in the manifest
domains that are not verified   Directory.Read.All an identifier URI is a web address
subscriptions                   Directory.Read.All a group is assigned
quota (beta endpoint)           as organization    an application may have to be created,
or beta is asked anyway

At most seven requests beside those of the first two levels, and at most one call, with what only beta has
(directorySizeQuota, audiencesConfiguration documentation).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from entra_config.actual.fetch import Questions, Responses, TenantReader, fetch
from entra_config.actual.question import (
    APP_POLICIES,
    AUTHORIZATION_POLICY,
    DEFAULT_APP_POLICY,
    DIRECTORY_QUOTA,
    DOMAINS,
    SUBSCRIPTIONS,
    AppPolicyObjects,
    Question,
)
from entra_config.graph.privileges import READ_DIRECTORY, READ_POLICIES
from entra_config.graph.request import Request
from entra_config.graph.token import Identity
from entra_config.kinds.directory import Json
from entra_config.kinds.identifier_uris import URIS
from entra_config.manifest.model import Manifest

MOST = 7  # requests in all
SINGLE_TENANT = "AzureADMyOrg"
AUDIENCE = "signInAudience"
# What lets a token read each (permissions tables of Graph's reference).
_POLICIES = frozenset({READ_POLICIES, "Policy.ReadWrite.ApplicationConfiguration"})
_AUTHORIZATION = frozenset({READ_POLICIES, "Policy.ReadWrite.Authorization"})
_DIRECTORY = frozenset({READ_DIRECTORY, "Directory.ReadWrite.All", "Directory.AccessAsUser.All"})
_DOMAINS = _DIRECTORY | {"Domain.Read.All", "Domain.ReadWrite.All"}
_ORGANIZATION = _DIRECTORY | {"Organization.Read.All", "Organization.ReadWrite.All"}
_SUBSCRIPTIONS = _DIRECTORY | {
    "LicenseAssignment.Read.All",
    "Organization.Read.All",
    "Organization.ReadWrite.All",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """What could not be read, and the permission that lets one read it."""

    what: str
    permission: str


@dataclass(frozen=True, slots=True)
class Policies:
    """What a tenant's administrators chose; None of what was not read.

    `own` are policies by the object id of the application that has one, `unread` names of those of which it
    is not known who has them; `user` are defaultUserRolePermissions, `plans` names of service plans, `quota`
    objects used and allowed.
    """

    default: Json | None = None
    own: Mapping[str, Json] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    user: Json | None = None
    unverified: frozenset[str] = frozenset()
    plans: frozenset[str] | None = None
    quota: tuple[int, int] | None = None
    unknown: tuple[Unknown, ...] = ()


@dataclass(frozen=True, slots=True)
class _Part:
    """One question, which permissions let it be asked, and what is not known without its answer."""

    question: Question[Json]
    request: Request
    permissions: frozenset[str]
    unknown: Unknown


# What whoever asks for it asks.
AUTHORIZATION: Questions = {AUTHORIZATION_POLICY: Request("GET", "/policies/authorizationPolicy")}
_QUOTA = _Part(
    DIRECTORY_QUOTA,
    Request("GET", "/organization?$select=id,directorySizeQuota", beta=True),
    _ORGANIZATION,
    Unknown("how full it is", READ_DIRECTORY),
)


def first(manifest: Manifest, identity: Identity) -> Questions:
    """Return what to ask beside the first level: nothing that the token shows to be refused."""
    return {
        part.question: part.request for part in _parts(manifest) if _permitted(identity, part.permissions)
    }


def second(
    manifest: Manifest, identity: Identity, responses: Responses, certain: Collection[str], *, questions: int
) -> Questions:
    """Return what to ask beside the second level: the quota, where something may be created, and whom
    policies are assigned to.

    `certain` are the keys of applications that are there, `requested` is how much the first level asked.
    """
    # What goes to beta stands last: requests of one endpoint in a row are one call.
    quota: Questions = {
        part.question: part.request
        for part in _room(manifest, certain)
        if _permitted(identity, part.permissions)
    }
    left = max(0, MOST - questions - len(quota))
    return dict(islice(assigned(responses).items(), left)) | quota


def read(manifest: Manifest, responses: Responses, certain: Collection[str]) -> Policies:
    """Return what the answers say; `certain` are the keys of applications that were there before the
    second level.
    """
    return _read([*_parts(manifest), *_room(manifest, certain)], responses)


def _read(parts: Sequence[_Part], responses: Responses) -> Policies:
    own: dict[str, Json] = {}
    unread: list[str] = []
    for policy in _enabled(responses):
        question = AppPolicyObjects(policy["id"])
        own |= {item["id"]: policy for item in responses[question]}
        if question not in responses:
            unread.append(str(policy.get("displayName") or policy["id"]))
    return Policies(
        default=responses.first(DEFAULT_APP_POLICY),
        own=own,
        unread=tuple(unread),
        user=_user(responses),
        unverified=frozenset(
            item["id"].casefold() for item in responses[DOMAINS] if item.get("isVerified") is False
        ),
        plans=_plans(responses) if SUBSCRIPTIONS in responses else None,
        quota=_quota(responses.first(DIRECTORY_QUOTA)),
        unknown=tuple(_unknown(parts, responses)),
    )


async def listed(graph: TenantReader) -> Policies:
    """Return all that a tenant chose, whatever a manifest is about: in two levels, at the beta endpoint,
    which tells most.
    """
    parts = [*_every(beta=True, web=True, groups=True), _QUOTA]
    questions: Questions = {
        part.question: part.request for part in parts if _permitted(graph.identity, part.permissions)
    }
    responses = await fetch(graph, questions, optional=questions)
    objects = assigned(responses)
    if objects:
        responses.take(await fetch(graph, objects, optional=objects))
    return _read(parts, responses)


def app_policies(*, beta: bool) -> Questions:
    """Return what to ask for all app management policies; at `beta` they tell audiences and authorities
    too.
    """
    return {
        DEFAULT_APP_POLICY: Request("GET", "/policies/defaultAppManagementPolicy", beta=beta),
        APP_POLICIES: Request("GET", "/policies/appManagementPolicies", beta=beta),
    }


def assigned(responses: Responses) -> Questions:
    """Return what to ask to know whom each policy that is on is assigned to."""
    return {AppPolicyObjects(policy["id"]): _objects(policy) for policy in _enabled(responses)}


def chosen(responses: Responses) -> Policies:
    """Return what answers say that somebody else asked for."""
    return _read((), responses)


def _room(manifest: Manifest, certain: Collection[str]) -> list[_Part]:
    """Return the question how full the tenant is, where something may be created and the first level did
    not ask it.
    """
    return [_QUOTA] if set(manifest.applications) - set(certain) and not _beta(manifest) else []


def _beta(manifest: Manifest) -> bool:
    """Tell whether the first level asks the beta endpoint anyway."""
    return any(
        each.certificates or each.generated or _audience(each.settings)
        for each in manifest.applications.values()
    )


def _parts(manifest: Manifest) -> list[_Part]:
    applications, beta = manifest.applications.values(), _beta(manifest)
    declaring = (each.settings[URIS].value for each in applications if URIS in each.settings)
    web = any(_web(uri) for uris in declaring for uri in uris)
    groups = any(each.groups for each in manifest.assignments.values())
    return [
        part
        for part in (*_every(beta=beta, web=web, groups=groups), *([_QUOTA] if beta else []))
        if manifest.applications or part.question == SUBSCRIPTIONS
    ]


def _every(*, beta: bool, web: bool, groups: bool) -> list[_Part]:
    """Return what one may ask: at `beta` what that endpoint tells more of, with `web` domains, with
    `groups` licences.
    """
    policies = Unknown(
        "which secrets, certificates, identifier URIs and audiences its app management policies refuse",
        READ_POLICIES,
    )
    may = Unknown("who may register applications and consent, by its authorization policy", READ_POLICIES)
    domains = Unknown("which domains wait to be verified", READ_DIRECTORY)
    plans = Unknown("whether its licences let groups be assigned", READ_DIRECTORY)
    apps = app_policies(beta=beta)
    return [
        _Part(AUTHORIZATION_POLICY, AUTHORIZATION[AUTHORIZATION_POLICY], _AUTHORIZATION, may),
        *([_Part(DOMAINS, Request("GET", "/domains"), _DOMAINS, domains)] if web else []),
        *([_Part(SUBSCRIPTIONS, Request("GET", "/subscribedSkus"), _SUBSCRIPTIONS, plans)] if groups else []),
        *(_Part(question, request, _POLICIES, policies) for question, request in apps.items()),
    ]


def _objects(policy: Json) -> Request:
    return Request("GET", f"/policies/appManagementPolicies/{policy['id']}/appliesTo?$select=id")


def _audience(settings: Mapping[str, Any]) -> bool:
    return AUDIENCE in settings and settings[AUDIENCE].value not in {SINGLE_TENANT, None}


def _web(uri: object) -> bool:
    return isinstance(uri, str) and uri.casefold().startswith(("http:", "https:"))


def _permitted(identity: Identity, permissions: frozenset[str]) -> bool:
    return identity.permissions is None or bool(identity.permissions & permissions)


def _unknown(parts: Sequence[_Part], responses: Responses) -> list[Unknown]:
    """Return each thing of which there is no answer, or none that says what was asked, once."""
    expected: dict[Question[Json], bool] = {
        DEFAULT_APP_POLICY: isinstance((responses.first(DEFAULT_APP_POLICY) or {}).get("isEnabled"), bool),
        AUTHORIZATION_POLICY: _user(responses) is not None,
        DIRECTORY_QUOTA: _quota(responses.first(DIRECTORY_QUOTA)) is not None,
    }
    reported = (
        part for part in parts if part.question not in responses or not expected.get(part.question, True)
    )
    return list(dict.fromkeys(part.unknown for part in reported))


def _enabled(responses: Responses) -> list[Json]:
    return [policy for policy in responses[APP_POLICIES] if policy.get("isEnabled") is True]


def _object(body: Json | None, name: str) -> Json | None:
    value = body.get(name) if body is not None else None
    return value if isinstance(value, Mapping) else None


def _user(responses: Responses) -> Json | None:
    return _object(responses.first(AUTHORIZATION_POLICY), "defaultUserRolePermissions")


def _plans(responses: Responses) -> frozenset[str]:
    subscriptions = (
        sku for sku in responses[SUBSCRIPTIONS] if sku.get("capabilityStatus") in ("Enabled", "Warning")
    )
    lists = (each for each in (sku.get("servicePlans") for sku in subscriptions) if isinstance(each, list))
    plans = (plan for each in lists for plan in each)
    return frozenset(str(plan.get("servicePlanName")) for plan in plans if isinstance(plan, Mapping))


def _quota(body: Json | None) -> tuple[int, int] | None:
    quota = _object(body, "directorySizeQuota") or {}
    used, total = quota.get("used"), quota.get("total")
    return (used, total) if isinstance(used, int) and isinstance(total, int) else None
