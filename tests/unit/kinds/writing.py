"""A tenant with one application, and the steps that writes of kinds become in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from entra_config.kinds import application_steps
from entra_config.kinds.base import OWNER_TAG, GrantsNothing, enterprise_address
from entra_config.kinds.details import ALLOWED_TENANTS, AllowedTenants
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.kinds.expansion import expand
from entra_config.kinds.facts import ApplicationFacts, EnterpriseFacts, OwnerFacts
from entra_config.kinds.writes import Patch, WriteView
from entra_config.manifest.model import Application
from entra_config.manifest.parts import Certificate
from entra_config.plan.model import Change, Create, address_of
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Resource, State
from tests.unit.kinds.estate import API
from tests.unit.plan.estates import manifest

PRINCIPAL = enterprise_address("api")
NEW = Address("application", "new")
JOB = Address("application", "job")
URIS, REQUIRED = "identifierUris", "requiredResourceAccess"
ROLES = "appRoles"
WEB, PAGE = "web.redirectUris", "spa.redirectUris"
OWN = f"{OWNER_TAG}myapp/prod"
CERTIFICATE = Certificate("c", "DER", "t1", "shown", "Verify")
SCOPES, AUTHORIZED = "api.oauth2PermissionScopes", "api.preAuthorizedApplications"
RESTRICTIONS = "signInAudienceRestrictions"
KEYS = "keyCredentials"
SPA = {"appId": "app-spa", "delegatedPermissionIds": ["s1"]}
SCOPE = {"id": "s1", "value": "use"}
BODY = {
    "id": "id-api",
    "displayName": "Old",
    "tags": ["mine"],
    "web": {"redirectUris": ["https://a"]},
    "api": {"preAuthorizedApplications": [SPA]},
}
DESIRED = Resource(API, {"displayName": "New", "web.redirectUris": [], RESTRICTIONS: []})
ALLOWED = AllowedTenants(("t",), {"allowedTenantIds": ["t"]})


class Writes(GrantsNothing):
    """A kind that makes just these writes."""

    def __init__(self, *writes: Step | Patch) -> None:
        self.writes = writes

    def expand(self, view: WriteView) -> Iterable[Step | Patch]:
        """Return them."""
        return self.writes


def steps(
    *writes: Step | Patch, changes: Sequence[Change] = (), restricted: bool = False, **more: Any
) -> tuple[Step, ...]:
    """Return the steps of writes in the tenant above."""
    live = Live(
        Subject("api", BODY, {"id": "sp-api", "notes": "Old"}),
        {ALLOWED_TENANTS: (ALLOWED,)} if restricted else {},
    )
    actual = (
        Resource(API, {}, ApplicationFacts("id-api")),
        Resource(PRINCIPAL, {}, EnterpriseFacts("sp-api")),
    )
    made = [change.after for change in changes if isinstance(change, Create)]
    desired = {DESIRED.address: DESIRED, PRINCIPAL: Resource(PRINCIPAL, {"notes": "New"})}
    view = WriteView(
        manifest(),
        Directory("https://graph", live={"api": live}),
        State({**desired, **{each.address: each for each in made}}),
        State({each.address: each for each in actual}),
        {address_of(change): change for change in changes},
        **more,
    )
    return expand([Writes(*writes)], view).steps


def extend(values: dict[str, Any], phase: Phase = Phase.EXTEND, target: Address = API, **more: Any) -> Patch:
    """Return a part of a PATCH."""
    return Patch(target, phase, values, (target,), target, **more)


def resource(facts: ApplicationFacts | None = None, **values: Any) -> Resource:
    """Return the application with its tags; a `__` in a name is a point."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    return Resource(
        API, {"tags": [OWN], "uniqueName": "u", **named}, facts or ApplicationFacts("1", app_id="app")
    )


def owner(principal: str, *, enterprise: bool = False) -> Resource:
    """Return a declared owner."""
    facts = OwnerFacts(principal_id=principal, enterprise=enterprise)
    return Resource(Address("owner", f"api/{principal}"), {}, facts, parent=API)


def expanded(
    change: Change,
    *desired: Resource,
    held: Sequence[str] | None = (),
    passed: Mapping[str, Address] | None = None,
    actual: Sequence[Resource] = (),
    **more: Any,
) -> list[Step | Patch]:
    """Return the writes of a change, in a tenant where the application has these identifier URIs."""
    small = manifest()
    declared = replace(
        small, applications={"api": Application("api", "api", {}, certificates=(CERTIFICATE,))}
    )
    live = {"api": Live(Subject("api", {URIS: held}))}
    view = WriteView(
        declared,
        Directory("https://graph", live=live),
        State({each.address: each for each in desired}),
        State({each.address: each for each in actual}),
        {API: change, **more.pop("changes", {})},
        **more,
    )
    return list(application_steps.expand(change, view, passed or {}))


def patch(values: dict[str, Any], phase: Phase = Phase.EXTEND, **more: Any) -> Patch:
    """Return a part of a PATCH of it."""
    return Patch(API, phase, values, (API,), API, **more)
