"""Grants that are new in; what policy or distrust holds back of them, and why, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from entra_config.checks.consenting import Consenting
from entra_config.checks.dangers import Kind as DangerKind
from entra_config.checks.dangers import danger, tier_0
from entra_config.errors import Position
from entra_config.kinds import given
from entra_config.kinds.base import Grant, Kind
from entra_config.kinds.consents import held
from entra_config.kinds.directory import Api, Directory
from entra_config.manifest.model import Manifest
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.sections.microsoft import OPENID_SCOPES
from entra_config.plan.model import HeldBack, Notice, Refusal, SkippedConsent
from entra_config.resource import Address, Resource, State

# A name that YAML reads as it is.
_PLAIN = re.compile(r"[A-Za-z][\w .-]*")
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
    """Return why a consent is skipped, None if it may be given.

    The project's own APIs and the OpenID scopes may always be consented to. Everything else must exist, and
    `policy.consent` must list it for that very object. A dangerous permission also needs `--allow dangerous`
    (`allow`).
    """
    if api.address is not None or (kind == "delegated" and permission in OPENID_SCOPES):
        return None
    known = api.scopes if kind == "delegated" else api.roles
    skipped = f"consent to {api.called}/{permission} ({kind}) is skipped: "
    if permission not in known:
        return Refusal("", skipped + api.without(permission, known), client, blocks=False)
    if known[permission] in api.disabled:
        return Refusal("", f"{skipped}{api.name} has disabled this permission", client, blocks=False)
    reason = danger(permission, kind)
    if not consenting.allows(api.id, kind, permission):
        why = consenting.reasons.get(api.name, "`policy.consent` of this environment does not list it")
        name = api.app_id if api.name in consenting.reasons or not _PLAIN.fullmatch(api.name) else api.name
        way = f"To allow it, add `{name}: {{ {kind}: [{permission}] }}` to `policy.consent`"
        if reason:
            way += f", and use `--allow dangerous`, because it {reason}"
        offer = SkippedConsent(client.key, api.name, str(api.app_id), kind, permission, known[permission])
        return Refusal("", f"{skipped}{why}. {way}", client, blocks=False, skipped=offer)
    if reason is None or "dangerous" in allow:
        return None
    return Refusal("dangerous", f"{skipped}it {reason}", client, blocks=False)


def tier_0_held(manifest: Manifest, directory: Directory) -> Iterator[Notice]:
    """Yield a warning for each tier-0 permission that is declared and granted already; it stays granted."""
    if "dangerous" in manifest.policy.allow:
        return
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        for each in held(manifest, directory, live) if live is not None else ():
            api = directory.by_id.get(each.entry.resource)
            permission = application.api_permissions.get(api.name) if api is not None else None
            if permission is not None and each.permission in _declared(permission, each.type):
                yield from _tier_0(key, each.permission, each.type, each.api, permission.position)
    for holder in given.holders(manifest, directory):
        for name, _ in given.held(holder):
            if name in holder.given.application:
                yield from _tier_0(
                    holder.who.name, name, "application", holder.api.name, holder.given.position
                )


def _declared(permission: ApiPermission, kind: DangerKind) -> Collection[str]:
    """Return the permissions of one kind that the manifest wants the client to have."""
    if kind == "delegated":
        requested, consented = permission.delegated, permission.delegated_consent
    else:
        requested, consented = permission.application, permission.application_consent
    return requested if consented is None else consented


def _tier_0(
    who: str, permission: str, kind: DangerKind, api: str, position: Position | None
) -> Iterator[Notice]:
    if permission in tier_0():
        yield Notice(
            f"{who} has {api}/{permission} ({kind}) already, and so {danger(permission, kind)}. A new "
            "consent to it would need `--allow dangerous`",
            None,
            position,
        )
