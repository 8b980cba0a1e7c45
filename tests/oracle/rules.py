"""A tenant as plain JSON and one question in; out what Entra's token endpoint answers, as far as the notes
on it tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

# L is a section of the notes on sign-in, G of those on Graph (docs/fidelity.md tells the grades);
# owner/repo#n quotes an answer. Each rule, and where it is said:
# - `roles`: the subject's app roles on the resource by value; without value it adds nothing [L4.4, L4.6 D]
# - people hold roles directly, or through a group that they are a direct member of [L2.7, L4.6 D]
# - applications hold roles directly, never through a group [L3.7, L4.5 D; azure-docs#99000]
# - a disabled role stays in the tokens of those who hold it [L4.6 D, G14 B5]
# - an assignment of a role that is gone adds nothing: no value is left to carry [L4.6 D]
# - the default access role satisfies assignment and adds nothing [L2.7 D]
# - client or resource requires assignment, the person has none there: 50105 [L2.7, L5.2 R]
# - resource requires assignment, the application has none there: 501051 [L2.7 R]
# - without that flag every application of the tenant gets a token, without roles [L2.7 D]
# - the client's own flag is about people, not about itself [L2.7 D]
# - a named scope needs the person's grant, the tenant's or pre-authorization; otherwise 65001 [L2.5 D, L3.9
#   R]
# - the same for scopes of type User and Admin: nobody is there to be asked [L2.4, L2.5 D]
# - pre-authorization is no assignment [L2.5 D]
# - `scp` holds all scopes that are consented at the resource, not only those asked [L2.5 D]
# - `.default` with a grant gives what is granted, whatever the client's registration lists [L2.5 D]
# - `.default` without one asks for all delegated permissions that it lists, of all APIs [L2.5 D]
# - `.default` at an API that it does not list, with nothing granted, is refused [L5.2 R]
# - `.default` beside named scopes 70011, no scope 28003, a scope that is not there 650053 [L2.5, L5.2 R, L2.6
#   D]
# - no such client 700016, no such resource in the tenant 500011 [L3.1, L5.2 R]
# - an application without service principal signs in as itself: 7000229 [L3.7 R]
# - disabled client 7000112 (of a disabled service principal: Worklytics/psoxy#74) [L5.2 R]
# - disabled resource 500014 (Cloud-Architekt/AzureAD-Attack-Defense#43) [not in the notes; R]
# - no such person 50034, a disabled one 50057 [L5.2 R, L3.5, L3.10 D]
# - an application needs no role on itself [L3.7 R]
# - version by the resource's registration; `aud` its appId (v2) or the name asked for (v1) [L4.2 R, L3.7,
#   L4.7 D]
# - roles and scopes are those of the service principal, a copy of the registration [G3.1 D, C]
#
# Undecided, and said so: which of several refusals comes first, but for client, parameters, resource, grants
# (L3.1, L10); scopes that are granted and disabled or gone (seen to stay:
# AzureAD/microsoft-authentication-library-for-java#330); pre- authorized scopes that were not asked (seen to
# come: AzureAD/microsoft-authentication-library-for-python#665); pre- authorization that another tenant
# keeps, or that should cover other APIs' scopes (L10); holders of a kind that the role does not allow; a role
# that is gone as the only assignment (G14, open); people at a client without service principal, or asking for
# the client itself; `isDisabled` (G11).
# Not modelled: OpenID scopes, Conditional Access, licences, personal accounts, lag between application and
# service principal.

Json = Mapping[str, Any]
Some = tuple[AbstractSet[str], AbstractSet[str]]  # what is certain, what the notes leave open
NOTHING: Some = (frozenset(), frozenset())
DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
NOT_LISTED = frozenset({65001, 65005, 650052, 650056, 650057})
# The first and the last place in the order of checks that the notes leave to a refusal.
PLACES = {28003: (1, 1), 70011: (1, 1), 7000229: (1, 2), 50034: (1, 2), 7000112: (1, 3), 50057: (1, 3)}
PLACES |= {500011: (2, 2), 500014: (2, 3), 650053: (2, 3), 50105: (3, 3), 501051: (3, 3), 65001: (3, 3)}


@dataclass(frozen=True)
class AsUser:
    """A person (id) signs in to a client (appId), which asks for scopes (values, `.default`) of a resource
    (appId or URI).
    """

    user: str
    client: str
    resource: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class AsItself:
    """An application (appId) signs in as itself and asks for `.default` of a resource (appId or URI)."""

    client: str
    resource: str


@dataclass(frozen=True)
class Token:
    """What an access token carries; `perhaps_`: what the notes neither give nor deny; None: what they do
    not decide.
    """

    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    perhaps_roles: frozenset[str] = frozenset()
    perhaps_scopes: frozenset[str] = frozenset()
    version: int | None = None
    audience: str | None = None


@dataclass(frozen=True)
class Refused:
    """The AADSTS code of a refusal."""

    code: int


@dataclass(frozen=True)
class Unknown:
    """Why the notes do not decide; `refused`: no token for certain, and where `codes` are told it is one
    of them.
    """

    reason: str
    refused: bool = False
    codes: frozenset[int] = frozenset()


def response(tenant: Json, question: AsUser | AsItself) -> Token | Refused | Unknown:
    """Answer what the token endpoint answers."""
    case = _Case(tenant, question)
    if not case.client and not case.registration:
        return Refused(700016)
    token = case.token()
    if case.refusals and not case.doubts:
        latest = min(PLACES[code][1] for code in case.refusals)
        first = frozenset(code for code in case.refusals if PLACES[code][0] <= latest)
        return (
            Refused(*first)
            if len(first) == 1
            else Unknown("the order of these checks", refused=True, codes=first)
        )
    if case.doubts:
        refused = bool(case.refusals) or any(case.doubts.values())
        known = not case.refusals and all(case.doubts.values())
        codes = frozenset().union(*case.doubts.values()) if known else frozenset()
        return Unknown("; ".join(sorted(case.doubts)), refused=refused, codes=codes)
    return token


def _properties(registration: Json | None, claim: str) -> list[str]:
    """Return the additional properties of an optional claim of access tokens."""
    claims = ((registration or {}).get("optionalClaims") or {}).get("accessToken") or []
    return [each for one in claims if one["name"] == claim for each in one["additionalProperties"]]


def _live(principal: Json) -> dict[str, str]:
    """Return the values of the scopes that are enabled, by id."""
    return {
        scope["id"]: scope["value"] for scope in principal["oauth2PermissionScopes"] if scope["isEnabled"]
    }


class _Case:
    """One question and what it meets: the objects that it names, the refusals and the doubts on the way."""

    def __init__(self, tenant: Json, question: AsUser | AsItself) -> None:
        self.tenant, self.question = tenant, question
        self.registrations: dict[str, Json] = {one["appId"]: one for one in tenant["applications"]}
        self.principals: dict[str, Json] = {one["appId"]: one for one in tenant["servicePrincipals"]}
        names = {
            name.rstrip("/"): one for one in self.principals.values() for name in one["servicePrincipalNames"]
        }
        self.registration = self.registrations.get(question.client)
        self.client = self.principals.get(question.client)
        self.resource = names.get(question.resource.rstrip("/"))
        self.refusals: set[int] = set()
        self.doubts: dict[str, frozenset[int]] = {}

    def doubt(self, reason: str, codes: frozenset[int] = frozenset()) -> None:
        """Leave the answer open; with codes it is one of these refusals."""
        self.doubts[reason] = codes

    def refuse(self, code: int, *, when: object = True) -> None:
        """Refuse."""
        if when:
            self.refusals.add(code)

    def token(self) -> Token:
        """Return the token, to be given if there is neither refusal nor doubt."""
        client, resource, question = self.client, self.resource, self.question
        self.refuse(7000112, when=client and client["accountEnabled"] is False)
        self.refuse(500011, when=not resource)
        self.refuse(500014, when=resource and resource["accountEnabled"] is False)
        registered = self.registrations.get(resource["appId"]) if resource else None
        if any(one.get("isDisabled") for one in (self.registration, client, registered, resource) if one):
            self.doubt("isDisabled: no refusal is recorded")
        roles, scopes = self._itself() if isinstance(question, AsItself) else self._user(question)
        version = (
            {None: 1, 1: 1, 2: 2}[registered["api"]["requestedAccessTokenVersion"]] if registered else None
        )
        named_otherwise = resource and question.resource != resource["appId"]
        audience = None if named_otherwise and not registered else question.resource
        if registered and (version == 2 or "use_guid" in _properties(registered, "aud")):
            audience = registered["appId"]
        return Token(
            frozenset(roles[0]),
            frozenset(scopes[0]),
            frozenset(roles[1]),
            frozenset(scopes[1]),
            version,
            audience,
        )

    def _itself(self) -> tuple[Some, Some]:
        self.refuse(7000229, when=not self.client)
        if not self.client or not self.resource:
            return NOTHING, NOTHING
        holder = {self.client["id"]}
        if self.resource["appRoleAssignmentRequired"]:
            if self.client is self.resource and not self._held(holder, self.resource):
                self.doubt("an application that requires assignment asks for itself")
            else:
                self._require_assignment(holder, self.resource, 501051)
        return self._roles(holder, self.resource, "Application"), NOTHING

    def _user(self, question: AsUser) -> tuple[Some, Some]:
        user = next((one for one in self.tenant["users"] if one["id"] == question.user), None)
        self.refuse(50034, when=not user)
        self.refuse(50057, when=user and user["accountEnabled"] is False)
        self.refuse(28003, when=not question.scopes)
        self.refuse(70011, when=".default" in question.scopes and len(question.scopes) > 1)
        if not self.client:
            self.doubt("people at an application without service principal")
        if not user or not self.client or not self.resource:
            return NOTHING, NOTHING
        holders = {user["id"]} | {
            group["id"] for group in self.tenant["groups"] if user["id"] in group["members"]
        }
        for required in {
            one["id"]: one for one in (self.client, self.resource) if one["appRoleAssignmentRequired"]
        }.values():
            self._require_assignment(holders, required, 50105)
        roles = self._roles(holders, self.resource, "User")
        scopes = self._default if question.scopes == {".default"} else self._named
        return roles, scopes(self.resource, question)

    def _held(self, holders: set[str], principal: Json) -> set[str]:
        given = self.tenant["appRoleAssignments"]
        return {
            one["appRoleId"]
            for one in given
            if one["resourceId"] == principal["id"] and one["principalId"] in holders
        }

    def _require_assignment(self, holders: set[str], principal: Json, code: int) -> None:
        held = self._held(holders, principal)
        self.refuse(code, when=not held)
        if held and not held & {DEFAULT_ACCESS, *(role["id"] for role in principal["appRoles"])}:
            self.doubt("assigned to nothing but a role that is gone")

    def _roles(self, holders: set[str], principal: Json, kind: str) -> Some:
        held = self._held(holders, principal)
        roles = [role for role in principal["appRoles"] if role["id"] in held and role["value"]]
        allowed = {role["value"] for role in roles if kind in role["allowedMemberTypes"]}
        if "emit_as_roles" in _properties(self.registrations.get(principal["appId"]), "groups"):
            self.doubt("groups are emitted in the place of roles")
        return allowed, {role["value"] for role in roles} - allowed

    def _consented(self, principal: Json, question: AsUser) -> list[str]:
        """Return the texts of the grants that hold for this person."""
        assert self.client
        ends, given = (self.client["id"], principal["id"]), self.tenant["oauth2PermissionGrants"]
        grants = [one for one in given if (one["clientId"], one["resourceId"]) == ends]
        return [
            one["scope"]
            for one in grants
            if one["consentType"] == "AllPrincipals" or one["principalId"] == question.user
        ]

    def _authorized(self, principal: Json) -> set[str] | None:
        """Return the scopes that the client is pre-authorized for; None where the resource is registered
        elsewhere.
        """
        if principal["appId"] not in self.registrations:
            return None
        listed = self.registrations[principal["appId"]]["api"]["preAuthorizedApplications"]
        ids = {
            scope
            for one in listed
            if one["appId"] == self.question.client
            for scope in one["delegatedPermissionIds"]
        }
        return {scope["value"] for scope in principal["oauth2PermissionScopes"] if scope["id"] in ids}

    def _given(self, resource: Json, values: set[str]) -> Some:
        certain, authorized = values & set(_live(resource).values()), self._authorized(resource)
        anything = {scope["value"] for scope in resource["oauth2PermissionScopes"]}
        return certain, (values | (anything if authorized is None else authorized)) - certain

    def _covered(self, principal: Json, question: AsUser) -> set[str]:
        return set(" ".join(self._consented(principal, question)).split()) | (
            self._authorized(principal) or set()
        )

    def _not_consented(self, resource: Json) -> None:
        if self.client is resource:
            self.doubt("consent of a client to itself")
        elif self._authorized(resource) is None:
            self.doubt("pre-authorization, kept where the resource is registered")
        else:
            self.refuse(65001)

    def _named(self, resource: Json, question: AsUser) -> Some:
        live = {scope["value"]: scope["isEnabled"] for scope in resource["oauth2PermissionScopes"]}
        covered = self._covered(resource, question)
        for value in question.scopes:
            if value not in live and value.casefold() in {one.casefold() for one in covered.union(live)}:
                self.doubt("a scope that is consented and gone, or in another case")
            elif value not in live:
                self.refuse(650053)
            elif not live[value]:
                self.doubt("a disabled scope is asked by its name")
            elif value not in covered:
                self._not_consented(resource)
        consented = set(" ".join(self._consented(resource, question)).split())
        return self._given(resource, consented | question.scopes)

    def _default(self, resource: Json, question: AsUser) -> Some:
        texts, nobody = self._consented(resource, question), self._authorized(resource) == set()
        if self.client is resource:
            self.doubt("`.default` of the client itself yields an id_token only")
        elif any(text.split() for text in texts):
            return self._given(resource, set(" ".join(texts).split()))
        elif texts:
            self.doubt("a grant without scopes")
        elif not self.registration:
            self.doubt(
                "what the client lists, kept where it is registered", NOT_LISTED if nobody else frozenset()
            )
        elif nobody and resource["appId"] not in {
            api["resourceAppId"] for api in self.registration["requiredResourceAccess"]
        }:
            self.doubt("which refusal, at an API that the client does not list", NOT_LISTED)
        else:
            return self._first_time(self.registration["requiredResourceAccess"], resource, question)
        return NOTHING

    def _first_time(self, required: list[Json], resource: Json, question: AsUser) -> Some:
        requested = {
            (api["resourceAppId"], one["id"])
            for api in required
            for one in api["resourceAccess"]
            if one["type"] == "Scope"
        }
        own = {scope for app_id, scope in requested if app_id == resource["appId"]}
        values = {value for scope, value in _live(resource).items() if scope in own}
        if not own:
            self.doubt("the client lists no scope of the API, and nothing is granted")
        elif len(values) < len(own):
            self.doubt("the client lists a scope that is disabled or gone")
        if not values <= self._covered(resource, question):
            self._not_consented(resource)
        elif not all(
            self._covers(app_id, scope, question)
            for app_id, scope in requested
            if app_id != resource["appId"]
        ):
            self.doubt("whether pre-authorization hides the consent for other APIs")
        return self._given(resource, values)

    def _covers(self, app_id: str, scope: str, question: AsUser) -> bool:
        principal = self.principals.get(app_id)
        return principal is not None and _live(principal).get(scope) in self._covered(principal, question)
