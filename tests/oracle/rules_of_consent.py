"""One question and a tenant in; the scopes that consent and pre-authorization give, or why they give none,
out.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from tests.oracle.token_endpoint import AsItself, AsUser, Json

Some = tuple[AbstractSet[str], AbstractSet[str]]  # what is certain, what the notes leave open
NOTHING: Some = (frozenset(), frozenset())
NOT_LISTED = frozenset({65001, 65005, 650052, 650056, 650057})


class Meeting:
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


def _live(principal: Json) -> dict[str, str]:
    """Return the values of the scopes that are enabled, by id."""
    return {
        scope["id"]: scope["value"] for scope in principal["oauth2PermissionScopes"] if scope["isEnabled"]
    }


class Consent(Meeting):
    """One question, and which scopes it is given."""

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
