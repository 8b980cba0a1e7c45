"""A drawn fleet in; which shards stand together by the files and by what is in the tenants, and which ones
the tool puts together, out.

The first knows no plan: it compares the manifest with `${…}` unfilled, by place, and live values as text.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from entra_config import reconcile
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.testing import populating
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from entra_emulator.table import Row
from entra_emulator.tenant import Tenant
from entra_fleet.groups import classes
from tests import world
from tests.fleet.draws import OWN, DrawnFleet, DrawnTenant, Tree, draw, row_of, tenant_id
from tests.unit.fleet.files import NOW, loaded, write

Text = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """How many pairs of shards were compared, and how many stand together by the oracle."""

    pairs: int = 0
    together: int = 0


def tried(number: int, folder: Path) -> tuple[Compared, str]:
    """Draw a fleet; return what was compared, and what tool and oracle say differently of two shards."""
    fleet = draw(Random(f"kinds {number}"))
    every = asyncio.run(compared(fleet, folder))
    pairs = list(combinations(every.items(), 2))
    found = Compared(len(pairs), sum(one[1] == other[1] for (_, one), (_, other) in pairs))
    for (one, (kind, said)), (two, (other, its)) in pairs:
        if (kind == other) != (said == its):
            how = "together" if kind == other else "apart"
            return found, f"kinds {number}: t{one} and t{two} stand {how}:\n  {said}\n  {its}"
    return found, ""


async def compared(fleet: DrawnFleet, folder: Path) -> dict[int, tuple[str, Text]]:
    """Return of each tenant the kind of its plan, and what the oracle says that it does."""
    emulator = Embedded.create(seed="kinds")
    before = {number: each.before for number, each in fleet.tenants.items() if each.before is not None}
    write(
        folder,
        fleet.files(fleet.manifest, {number: each.variables for number, each in fleet.tenants.items()}),
    )
    shards = dict(zip(fleet.tenants, loaded(folder).values(), strict=True))
    write(folder / "earlier", fleet.files(fleet.earlier, before))
    earlier = dict(zip(before, loaded(folder / "earlier").values(), strict=True)) if before else {}
    found = {}
    for number, each in fleet.tenants.items():
        tenant = _peopled(
            emulator, number, each, [shards[number], *([earlier[number]] if number in earlier else [])]
        )
        caller = emulator.app_caller(tenant_id=tenant_id(number))
        async with await world.signed_in(emulator, caller) as graph:
            if number in earlier:
                plan = await reconcile.plan(earlier[number].manifest, graph, now=NOW)
                assert (await reconcile.apply(plan, graph, sleep=world.at_once)).complete
                _by_hand(tenant, each)
            said = done(fleet.manifest, each, tenant)
            plan = await reconcile.plan(shards[number].manifest, graph, now=NOW)
            found[number] = (classes.of_plan(plan, shards[number]).id, said)
    return found


def _peopled(emulator: Embedded, number: int, each: DrawnTenant, shards: list[LoadedShard]) -> Tenant:
    for shard in shards:
        populating.populate(emulator.directory, shard.manifest)
    tenant = emulator.directory.tenants[tenant_id(number)]
    for group in tenant.groups:
        for one in range(each.people):
            user = seed.add_user(tenant, f"u{one}.{group['id']}@{tenant.initial_domain}", f"User {one}")
            tenant.members.add(group["id"], user["id"])
    return tenant


def _by_hand(tenant: Tenant, each: DrawnTenant) -> None:
    row = row_of(list(tenant.applications), "api")
    assert row is not None
    tenant.applications.put({**row, **each.by_hand})


def done(manifest: Tree, each: DrawnTenant, tenant: Tenant) -> Text:
    """Return what is to be done in a tenant: each place that differs, what is there as text, what is said."""
    said = _over(manifest, each.overrides)
    rows = {key: row_of(list(tenant.applications), key) for key in said["applications"]}
    found: list[Any] = []
    for key, application in said["applications"].items():
        row = rows[key]
        there = _live(row) if row is not None else None
        for place, wanted, label in _places(application, each.variables):
            now = there.get(place) if there is not None else "absent"
            if now != wanted:
                # What a variable filled decides the order of addresses, which is none of their kind.
                said_there = sorted(label) if place == "redirectUris" else label
                found.append((key, place, _text(now), _text(said_there), _entries(now, wanted, label)))
    found += _credential(said, each, rows["job"], tenant)
    found += _given(said, each, rows["api"], tenant)
    return tuple(found)


def _entries(now: Any, wanted: Any, label: Any) -> Text:
    """Return which entries of a collection come and go, as they are said; of a role or scope that is there by
    its value, which of its places differ.
    """
    if not (isinstance(now, list) and isinstance(wanted, list)):
        return ()
    there = {each[0]: each for each in now if isinstance(each, list)}
    come = [
        (_text(reported), [place for place, one in enumerate(each) if one != there[each[0]][place]])
        if isinstance(each, list) and each[0] in there
        else (_text(reported), [])
        for each, reported in zip(wanted, label, strict=True)
        if each not in now
    ]
    return (*sorted(come), "gone", *[_text(each) for each in now if each not in wanted])


def _over(tree: Tree, over: Tree) -> Tree:
    """Return a tree with another one laid over it."""
    return tree | {
        key: _over(tree[key], value) if isinstance(value, dict) and isinstance(tree.get(key), dict) else value
        for key, value in over.items()
    }


def filled(said: Any, variables: Tree) -> Any:
    """Return a text with its variables in place; one that stands alone keeps its type."""
    alone = re.fullmatch(r"\$\{(\w+)\}", said) if isinstance(said, str) else None
    if alone:
        return variables[alone[1]]
    return (
        re.sub(r"\$\{(\w+)\}", lambda found: str(variables[found[1]]), said)
        if isinstance(said, str)
        else said
    )


def _reported(said: Any, variables: Tree) -> Any:
    """Return what a text for people says, unfilled."""
    return ["filled", said] if isinstance(said, str) and "${" in said else ["said", said]


def _address(said: str, variables: Tree) -> Any:
    """Return what an address says, unfilled, with its host where that is not ours."""
    if "${" not in said:
        return ["said", said]
    host = filled(said, variables).split("/")[2]
    name, colon, port = host.partition(":")
    return ["filled", said, f"ours{colon}{port}" if name == OWN or name.endswith(f".{OWN}") else host]


def _places(application: Tree, variables: Tree) -> Iterator[tuple[str, Any, Any]]:
    """Yield each place of an application: what is to be there, and what of that is compared."""
    for key, place in (("displayName", "displayName"), ("notes", "notes")):
        if key in application:
            yield place, filled(application[key], variables), _reported(application[key], variables)
    for key, place in (("homePageUrl", "web.homePageUrl"), ("logoutUrl", "web.logoutUrl")):
        if key in application:
            yield place, filled(application[key], variables), _address(application[key], variables)
    if "redirectUris" in application:
        uris = application["redirectUris"]
        by_value = sorted((filled(each, variables), _text(_address(each, variables))) for each in uris)
        yield "redirectUris", [each for each, _ in by_value], [reported for _, reported in by_value]
    roles = application.get("appRoles", {})
    if roles:
        yield (
            "appRoles",
            sorted(
                [key, filled(each["description"], variables), filled(each.get("isEnabled", True), variables)]
                for key, each in roles.items()
            ),
            [[key, _reported(each["description"], variables), filled(each.get("isEnabled", True), variables)]
             for key, each in sorted(roles.items())],
        )  # fmt: skip
    scopes = application.get("scopes", {})
    if scopes:
        yield (
            "scopes",
            sorted([key, filled(each["displayName"], variables), filled(each["description"], variables)]
                   for key, each in scopes.items()),
            [[key, _reported(each["displayName"], variables), _reported(each["description"], variables)]
             for key, each in sorted(scopes.items())],
        )  # fmt: skip


def _live(row: Row) -> Tree:
    """Return what is in the tenant at each place."""
    return {
        "displayName": row["displayName"],
        "notes": row["notes"],
        "web.homePageUrl": row["web"].get("homePageUrl"),
        "web.logoutUrl": row["web"].get("logoutUrl"),
        "redirectUris": sorted(row["spa"]["redirectUris"]),
        "appRoles": sorted(
            [each["value"], each["description"], each["isEnabled"]] for each in row["appRoles"]
        ),
        "scopes": sorted(
            [each["value"], each["adminConsentDisplayName"], each["adminConsentDescription"]]
            for each in row["api"]["oauth2PermissionScopes"]
        ),
    }


def _credential(said: Tree, each: DrawnTenant, row: Row | None, tenant: Tenant) -> Iterator[Any]:
    hub = said["applications"]["job"]["federatedCredentials"]["hub"]
    wanted = [filled(hub["issuer"], each.variables), filled(hub["subject"], each.variables)]
    now: Any = "absent"
    if row is not None:
        rows = tenant.federated_identity_credentials.find("application", row["id"])
        now = next(([one["issuer"], one["subject"]] for one in rows), "absent")
    if now != wanted:
        yield ("job", "hub", _text(now), _text(wanted))


def _given(said: Tree, each: DrawnTenant, row: Row | None, tenant: Tenant) -> Iterator[Any]:
    """Yield who is given the role: by the name that the manifest has for them, else by the group itself."""
    if row is not None:
        return  # it was given before, to the same group
    names = said["appRoleAssignments"]["api"]["Reader"]["groups"]
    meant = [
        name if "${" in name else f"{filled(name, each.variables)} of {tenant.tenant_id}" for name in names
    ]
    yield ("Reader", tuple(sorted(meant)), "to 10" if each.people * len(names) <= 10 else "to 100")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
