"""A seed in; a tenant with a history, and a manifest to plan there, out."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from tests.oracle import estates, plots
from tests.oracle.draft import OURS, THEIRS, Draft, Hand
from tests.oracle.estates import Manifest
from tests.oracle.reported import KEY, OWNER
from tests.oracle.tenant import DEPLOYER, Tenant, load

WORDS = frozenset({"many", "last", "delete", "restore"})
# How many of the worlds are protected environments, with lock files.
PROTECTED = 0.45


@dataclass(frozen=True)
class World:
    """A tenant after its history, the manifest that is planned in it, and what may be lifted.

    `deployed` is what was applied last to our project, `settled` the tenant then, before anybody's hands;
    `undeleted` is the tenant after all hands but those that delete, None where nothing is deleted; `lock` a
    protected environment's lock file.
    """

    seed: int
    shapes: tuple[str, ...]
    tenant: Tenant
    owner: str
    goal: Manifest
    words: frozenset[str]
    deployed: Manifest
    settled: dict[str, Any] = field(repr=False)
    hands: tuple[Hand, ...] = ()
    undeleted: dict[str, Any] | None = field(default=None, repr=False)
    lock: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def protected(self) -> bool:
        """Tell whether the environment is protected."""
        return self.lock is not None


class UnbuiltError(Exception):
    """The history of a world could not be made: its reason is not the pair's."""


def draw(seed: int) -> tuple[Draft, tuple[str, ...]]:
    """Draw a world: the shapes take turns, so that each comes as often as any other."""
    random = Random(seed)
    for _ in range(50):
        first = estates.estate(random, "shop")
        neighbour = _neighbour(random)
        protected = random.random() < PROTECTED
        for manifest in (first, neighbour) if protected else ():
            manifest["environments"]["prod"] |= {"protected": True, "deployers": [DEPLOYER]}
        draft = Draft(
            random, [first], neighbour, copy.deepcopy(first), protected=protected, pins=random.random() < 0.5
        )
        chosen = [plots.MAIN[seed % len(plots.MAIN)]]
        beside = [each for each in plots.BESIDE if each not in chosen]
        chosen += random.sample(beside, random.choice([0, 0, 1, 1, 2]))
        # The main shape comes last: it may leave the project to the other one.
        if all(shape(draft) for shape in reversed(chosen)):
            return draft, tuple(shape.__name__ for shape in chosen)
    raise UnbuiltError(f"seed {seed}: no room for {plots.MAIN[seed % len(plots.MAIN)].__name__}")


async def build(seed: int) -> World:
    """Draw a world and make its history."""
    draft, names = draw(seed)
    tenant, known = Tenant(), Known()
    for number, manifest in enumerate(draft.history):
        await settle(tenant, known.placed(manifest), lock=_lock(draft, tenant, known))
        known.look(tenant)
        if number == 0:
            await settle(tenant, known.placed(draft.neighbour), lock=_lock(draft, tenant, known, THEIRS))
            known.look(tenant)
        tenant.clock.advance(3600)
    settled = tenant.dump()
    # What `lock` wrote after the last apply.
    lock = _lock(draft, tenant, known, draft.owner)
    deleting = [*(hand for hand in draft.hands if hand.verb == "leave"), *draft.late]
    for hand in draft.hands:
        if hand not in deleting:
            await _do(tenant, hand, draft.owner)
    undeleted = tenant.dump() if deleting else None
    for hand in deleting:
        await _do(tenant, hand, draft.owner)
    tenant.unreadable = frozenset(
        row["id"] for row in tenant.rows.groups if row["displayName"] in draft.unreadable
    )
    words = frozenset(draft.words) | WORDS
    goal, deployed = known.placed(draft.goal), known.placed(draft.last)
    hands = (*draft.hands, *draft.late)
    return World(seed, names, tenant, draft.owner, goal, words, deployed, settled, hands, undeleted, lock)


def _lock(draft: Draft, tenant: Tenant, known: Known, owner: str = OURS) -> dict[str, Any] | None:
    """Return the lock file of a protected environment: names, and the applications, or none, as who made
    them proves them.
    """
    if not draft.protected:
        return None
    pinned = {key: app_id for (of, key), app_id in known.by_key.items() if of == owner}
    kept = draft.goal["applications"].keys() | draft.last["applications"].keys()
    return tenant.lock({key: app_id for key, app_id in pinned.items() if key in kept and draft.pins})


async def settle(
    tenant: Tenant,
    manifest: Manifest,
    words: frozenset[str] = WORDS,
    *,
    lock: Mapping[str, Any] | None = None,
) -> None:
    """Apply a manifest of the history."""
    plan = await tenant.plan(load(manifest, lock=lock), words)
    if plan.blocked:
        raise UnbuiltError("; ".join(each.message for each in plan.refusals if each.blocks))
    outcome = await tenant.apply(plan)
    if not outcome.complete:
        raise UnbuiltError("; ".join(f"{step.id}: {error}" for step, error in outcome.failed))


@dataclass
class Known:
    """What the appIds were by owner and key, of what was let go or taken over since too."""

    app_ids: dict[str, str] = field(default_factory=dict)
    by_key: dict[tuple[str, str], str] = field(default_factory=dict)

    def look(self, tenant: Tenant) -> None:
        """Learn the appIds of now."""
        for row in tenant.rows.applications:
            owner, key = _marks(row)
            self.app_ids[f"@appId:{owner}:{key}"] = row["appId"]
            self.by_key = {place: app_id for place, app_id in self.by_key.items() if app_id != row["appId"]}
            self.by_key[owner, key] = row["appId"]

    def placed(self, manifest: Manifest) -> Manifest:
        """Put appIds where a manifest says `@appId:OWNER:KEY`."""
        text = json.dumps(manifest)
        for word, app_id in self.app_ids.items():
            text = text.replace(json.dumps(word), json.dumps(app_id))
        content: Manifest = json.loads(text)
        return content


def _neighbour(random: Random) -> Manifest:
    found = estates.estate(random, "ledger", "ledger-")
    found["environments"] = copy.deepcopy(found["environments"])
    return found


def _marks(row: Mapping[str, Any]) -> tuple[str, str]:
    tags = row.get("tags") or ()
    return tuple(
        next((tag.removeprefix(mark) for tag in tags if tag.startswith(mark)), "") for mark in (OWNER, KEY)
    )


async def _do(tenant: Tenant, hand: Hand, owner: str) -> None:
    async with tenant.administrator() as client:
        if hand.verb == "delete":
            for row in list(_ours(tenant, owner)):
                if _marks(row)[1] == hand.about[0]:
                    await _send(client, "DELETE", f"/applications/{row['id']}")
            return
        if hand.verb == "rename":
            group = tenant.rows.one("groups", "displayName", hand.about[0])
            await _send(client, "PATCH", f"/groups/{group['id']}", {"displayName": f"{hand.about[0]} (old)"})
            return
        if hand.verb == "secret":
            for row in [row for row in _ours(tenant, owner) if _marks(row)[1] == hand.about[0]]:
                await _send(client, "POST", f"/applications/{row['id']}/addPassword", {})
            return
        await _edit(tenant, client, hand, Random(hand.about[0]))


async def _edit(tenant: Tenant, client: httpx.AsyncClient, hand: Hand, random: Random) -> None:
    rows = tenant.rows
    ours = [rows.service_principal_by_app_id(row["appId"]) for row in _ours(tenant, OURS)]
    held = [
        row for row in rows.app_role_assignments if row["resourceId"] in {row["id"] for row in ours if row}
    ]
    granted = [
        row for row in rows.oauth2_permission_grants if row["clientId"] in {row["id"] for row in ours if row}
    ]
    roles = [
        (row, role) for row in ours if row for role in row["appRoles"] if "User" in role["allowedMemberTypes"]
    ]
    if hand.verb == "assign" and roles:
        principal, role = random.choice(roles)
        who = random.choice([*rows.users, *rows.groups])
        body = {"principalId": who["id"], "resourceId": principal["id"], "appRoleId": role["id"]}
        await _send(client, "POST", f"/servicePrincipals/{principal['id']}/appRoleAssignedTo", body)
    elif hand.verb == "unassign" and held:
        row = random.choice(held)
        await _send(client, "DELETE", f"/servicePrincipals/{row['resourceId']}/appRoleAssignedTo/{row['id']}")
    elif hand.verb == "leave" and any(ours):
        await _send(
            client, "DELETE", f"/servicePrincipals/{random.choice([row for row in ours if row])['id']}"
        )
    elif hand.verb == "revoke" and granted:
        await _send(client, "DELETE", f"/oauth2PermissionGrants/{random.choice(granted)['id']}")
    elif hand.verb in ("consent", "consentAlone"):
        offering = [(row, scope) for row in ours if row for scope in row["oauth2PermissionScopes"]]
        calling = [row for row in ours if row]
        if offering:
            (api, scope), alone = random.choice(offering), hand.verb == "consentAlone"
            body = {
                "clientId": random.choice(calling)["id"],
                "resourceId": api["id"],
                "scope": scope["value"],
            }
            whom = {"consentType": "Principal", "principalId": random.choice(list(rows.users))["id"]}
            await _send(
                client,
                "POST",
                "/oauth2PermissionGrants",
                body | (whom if alone else {"consentType": "AllPrincipals"}),
            )


def _ours(tenant: Tenant, owner: str) -> Iterator[dict[str, Any]]:
    return (row for row in tenant.rows.applications if _marks(row)[0] == owner)


async def _send(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> None:
    response = await client.request(method, path, json=body)
    # What is there already is no reason to stop: by hand one finds out and goes on.
    assert response.is_success or response.status_code in (400, 409), response.text


__all__ = ["OURS", "THEIRS", "UnbuiltError", "World", "build", "draw", "settle"]
