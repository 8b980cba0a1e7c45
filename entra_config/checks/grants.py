"""Grants that are new in; what policy or distrust holds back of them, and why, out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import quote

from entra_config.checks.consenting import Consenting
from entra_config.checks.dangers import OPENID_SCOPES, danger
from entra_config.checks.dangers import Kind as DangerKind
from entra_config.kinds.base import Grant, Kind
from entra_config.kinds.directory import Api
from entra_config.plan.model import HeldBack, Refusal
from entra_config.resource import Address, Resource, State

_PORTAL = "portal.azure.com"
_PORTALS = {".us": "portal.azure.us", ".cn": "portal.azure.cn"}
Judge = Callable[[Grant], Refusal | HeldBack | None]


@dataclass(frozen=True, slots=True)
class Restrained:
    """A desired State without what may not be granted, and why."""

    state: State
    refusals: tuple[Refusal, ...] = ()
    held_back: tuple[HeldBack, ...] = ()


def restrain(desired: State, actual: State, kinds: Iterable[Kind], judge: Judge) -> Restrained:
    """Hold back each grant that is new and that `judge` objects to; what is granted already stays as it
    is.
    """
    by_name = {kind.name: kind for kind in kinds}
    kept: dict[Address, Resource] = {}
    reasons: dict[Refusal | HeldBack, None] = {}
    for resource in desired:
        kind = by_name[resource.address.kind]
        before = actual.get(resource.address)
        held = set(kind.grants(before)) if before is not None else set()
        objections = {
            grant: why
            for grant in kind.grants(resource)
            if grant not in held and (why := judge(grant)) is not None
        }
        reasons |= dict.fromkeys(objections.values())
        left = kind.without(resource, objections.keys()) if objections else resource
        if left is not None:
            kept[resource.address] = left
    refusals = tuple(each for each in reasons if isinstance(each, Refusal))
    return Restrained(State(kept), refusals, tuple(each for each in reasons if isinstance(each, HeldBack)))


def consent(
    consenting: Consenting,
    *,
    client: Address,
    api: Api,
    kind: DangerKind,
    permission: str,
    allow: frozenset[str],
) -> Refusal | None:
    """Return why a consent is left out of the plan, None when it may be given.

    The project's own APIs and the OpenID scopes may always be; all else must stand in `policy.consent` for
    that very object, and what is on the list of dangerous permissions needs `--allow dangerous` (`allow`)
    besides.
    """
    if api.address is not None or (kind == "delegated" and permission in OPENID_SCOPES):
        return None
    name = f"{api.called}/{permission} ({kind})"
    if not consenting.allows(api.id, kind, permission):
        why = consenting.reasons.get(api.name, "`policy.consent` of this environment does not list it")
        return Refusal(
            "", f"consent to {name} is not given: {why}; a human administrator can", client, blocks=False
        )
    reason = danger(permission, kind)
    if reason is None or "dangerous" in allow:
        return None
    return Refusal("dangerous", f"consent to {name} is not given: it {reason}", client, blocks=False)


def admin_consent_url(authority: str, tenant_id: str, client_id: str) -> str:
    """Return the page where an administrator consents to all that a client requests."""
    return f"{authority.rstrip('/')}/{quote(tenant_id)}/adminconsent?client_id={quote(client_id)}"


def permissions_page(authority: str, client_id: str) -> str:
    """Return the portal's page of what an application requests; an administrator consents there, no reply
    address is needed.
    """
    host = next((portal for end, portal in _PORTALS.items() if authority.rstrip("/").endswith(end)), _PORTAL)
    return f"https://{host}/#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/{quote(client_id)}"
