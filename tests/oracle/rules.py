"""A tenant as plain JSON and one question in; out what Entra's token endpoint answers, as far as the notes
on it tell.
"""

from __future__ import annotations

from tests.oracle.rules_of_consent import NOTHING, Consent, Some
from tests.oracle.token_endpoint import AsItself, AsUser, Json, Refused, Token, Unknown

# L is a section of the notes on sign-in, G of those on Graph (docs/fidelity/ explains the grades);
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

DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
# The first and the last place in the order of checks that the notes leave to a refusal.
PLACES = {28003: (1, 1), 70011: (1, 1), 7000229: (1, 2), 50034: (1, 2), 7000112: (1, 3), 50057: (1, 3)}
PLACES |= {500011: (2, 2), 500014: (2, 3), 650053: (2, 3), 50105: (3, 3), 501051: (3, 3), 65001: (3, 3)}


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


class _Case(Consent):
    """One question, and the token that it is given."""

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
