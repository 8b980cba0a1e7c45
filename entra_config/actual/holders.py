"""Graph and a manifest in; who holds which role of its applications and through what, and who owns which of them, out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from entra_config.actual.ask import Key, ask
from entra_config.actual.read import read
from entra_config.errors import Position
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds import strangers
from entra_config.kinds.base import Directory
from entra_config.kinds.consents import held
from entra_config.kinds.entitlement_stages import DEFAULT_ACCESS
from entra_config.kinds.role_names import live_roles, role_ids
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest

_SELECT = "$select=id,displayName,userPrincipalName&$top=999"
SIGN_IN = "default"


@dataclass(frozen=True, slots=True)
class Holding:
    """One person or application that holds one role: directly, or as a direct member of a group.

    `role` is the value that tokens carry, `default` where they carry none; `label` what the manifest calls it. A group stands
    for itself where nobody may read who is in it. `position` is where the manifest says so, None where somebody else did.
    """

    application: str
    role: str
    type: str
    name: str
    id: str
    through: str
    since: str = ""
    position: Position | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Somebody who owns an application, and so can act as it: `holds` is what it holds."""

    application: str
    type: str
    name: str
    id: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Access:
    """Who holds what, and who owns what."""

    holdings: tuple[Holding, ...]
    owners: tuple[Ownership, ...]


@dataclass(frozen=True, slots=True)
class _Role:
    value: str
    label: str


async def access(graph: Graph, manifest: Manifest) -> Access:
    """Return all holders of the manifest's applications, groups by their direct members as Entra does it; and their owners."""
    found = await read(graph, manifest, KINDS)
    directory = found.directory
    keys = [key for key in directory.live if key in manifest.applications or key in manifest.listed]
    roles = {key: _roles(manifest, directory, key) for key in keys}
    rows = [
        (key, row) for key in keys for row in directory.live[key].answers.get("assignedTo", ()) if row["appRoleId"] in roles[key]
    ]
    questions: dict[Key, Request] = {}
    for _, row in rows:
        if row["principalType"] == "Group":
            questions["members", row["principalId"]] = Request("GET", f"/groups/{row['principalId']}/members?{_SELECT}")
    groups = frozenset(questions)
    users = sorted({row["principalId"] for _, row in rows if row["principalType"] == "User"})
    for start in range(0, len(users), 1000):  # 1,000 ids at most in one request
        body = {"ids": users[start : start + 1000], "types": ["user"]}
        questions["users", str(start)] = Request("POST", "/directoryObjects/getByIds", body)
    answers = await ask(graph, questions, optional=groups) if questions else {}
    names = {item["id"]: _name(item) for key, items in answers.items() if key[0] == "users" for item in items}
    holdings = [
        each
        for key, row in rows
        for each in _holdings(manifest, key, row, roles[key][row["appRoleId"]], names=names, answers=answers)
    ]
    holdings += [
        Holding(key, each.permission, "application", each.name, each.client, "consent for everybody")
        for key in keys
        if key in manifest.applications
        for each in strangers.held(directory, key, directory.live[key])
        if each.sort == "delegated"
    ]
    ordered = sorted(holdings, key=lambda each: (each.application, each.role, each.type, each.name, each.id, each.through))
    return Access(tuple(ordered), tuple(_owners(manifest, directory, rows, roles)))


def _roles(manifest: Manifest, directory: Directory, key: str) -> dict[str, _Role]:
    """Return what each live role says in tokens: one that is gone says nothing, whoever is still assigned to it."""
    labels = {id_: label for label, id_ in role_ids(manifest, directory, key).items()} if key in manifest.applications else {}
    found = {
        id_: _Role(role.get("value") or SIGN_IN, labels.get(id_) or str(role.get("displayName") or ""))
        for id_, role in live_roles(directory, key).items()
    }
    return found | {DEFAULT_ACCESS: _Role(SIGN_IN, SIGN_IN)}


def _owners(
    manifest: Manifest,
    directory: Directory,
    rows: Sequence[tuple[str, Mapping[str, Any]]],
    roles: Mapping[str, Mapping[str, _Role]],
) -> Iterator[Ownership]:
    holds: dict[str, set[str]] = defaultdict(set)
    for key, row in rows:
        client = directory.own_principals.get(row["principalId"])
        if client is not None:
            holds[client].add(f"{key}/{roles[key][row['appRoleId']].value}")
    for key in manifest.applications:
        live = directory.live.get(key)
        if live is None:
            continue
        holds[key] |= {f"{each.api}/{each.permission}" for each in held(manifest, directory, live)}
        owners = {owner["id"]: owner for answer in ("owners", "enterpriseOwners") for owner in live.answers.get(answer, ())}
        for id_, owner in sorted(owners.items(), key=lambda item: _name(item[1])):
            sort = "application" if str(owner.get("@odata.type", "")).endswith(".servicePrincipal") else "user"
            yield Ownership(key, sort, _name(owner), id_, tuple(sorted(holds[key])))


def _holdings(
    manifest: Manifest,
    key: str,
    row: Mapping[str, Any],
    role: _Role,
    *,
    names: Mapping[str, str],
    answers: Mapping[Key, list[dict[str, Any]]],
) -> Iterator[Holding]:
    since, principal, shown = str(row.get("createdDateTime") or ""), row["principalId"], str(row["principalDisplayName"])
    value, label = role.value, role.label
    match row["principalType"]:
        case "Group" if ("members", principal) not in answers:
            position = _position(manifest, key, label, "groups", {shown, principal})
            yield Holding(key, value, "group", shown, principal, "members unknown: nobody may read them", since, position, label)
        case "Group":
            position = _position(manifest, key, label, "groups", {shown, principal})
            for member in answers["members", principal]:
                if member.get("@odata.type") == "#microsoft.graph.user":
                    yield Holding(key, value, "user", _name(member), member["id"], f"group {shown}", since, position, label)
        case "User":
            name = names.get(principal, shown)
            position = _position(manifest, key, label, "users", {name, principal})
            yield Holding(key, value, "user", name, principal, "direct", since, position, label)
        case _:
            yield Holding(key, value, "application", shown, principal, "consent", since, None, label)


def _position(manifest: Manifest, key: str, role: str, sort: str, known: set[str]) -> Position | None:
    assignees = manifest.assignments.get((key, role))
    if assignees is None:
        return None
    folded = {each.casefold() for each in known}
    named = assignees.users if sort == "users" else assignees.groups
    return next((each.position or assignees.position for each in named if {each.name.casefold(), each.id} & folded), None)


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("userPrincipalName") or item.get("displayName") or item["id"])
