"""Graph and a manifest in; who holds which role of its applications, and through what, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.actual.ask import Key, ask
from entra_config.actual.read import read
from entra_config.errors import Position
from entra_config.graph.client import Graph
from entra_config.graph.request import Request
from entra_config.kinds.role_names import role_ids
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest

_SELECT = "$select=id,displayName,userPrincipalName&$top=999"


@dataclass(frozen=True, slots=True)
class Holding:
    """One person or application that holds one role: directly, or as a direct member of a group.

    `position` is where the manifest says so, None where somebody else did.
    """

    application: str
    role: str
    type: str
    name: str
    id: str
    through: str
    since: str = ""
    position: Position | None = None


async def holders(graph: Graph, manifest: Manifest) -> list[Holding]:
    """Return all holders of all roles of the manifest's applications; groups by their direct members, as Entra does it."""
    found = await read(graph, manifest, KINDS)
    rows = [
        (key, row)
        for key, live in found.directory.live.items()
        if key in manifest.applications or key in manifest.listed
        for row in live.answers.get("assignedTo", ())
    ]
    questions: dict[Key, Request] = {}
    for _, row in rows:
        if row["principalType"] == "Group":
            questions["members", row["principalId"]] = Request("GET", f"/groups/{row['principalId']}/members?{_SELECT}")
    users = sorted({row["principalId"] for _, row in rows if row["principalType"] == "User"})
    for start in range(0, len(users), 1000):  # 1,000 ids at most in one request
        body = {"ids": users[start : start + 1000], "types": ["user"]}
        questions["users", str(start)] = Request("POST", "/directoryObjects/getByIds", body)
    answers = await ask(graph, questions) if questions else {}
    names = {item["id"]: _name(item) for key, items in answers.items() if key[0] == "users" for item in items}
    labels = {
        key: {value: label for label, value in role_ids(manifest, found.directory, key).items()}
        for key in {key for key, _ in rows}
    }
    holdings = [each for key, row in rows for each in _holdings(manifest, key, row, labels[key], names=names, answers=answers)]
    return sorted(holdings, key=lambda each: (each.application, each.role, each.type, each.name, each.id, each.through))


def _holdings(
    manifest: Manifest,
    key: str,
    row: Mapping[str, Any],
    labels: Mapping[str, str],
    *,
    names: Mapping[str, str],
    answers: Mapping[Key, list[dict[str, Any]]],
) -> Iterator[Holding]:
    role = labels.get(row["appRoleId"], str(row["appRoleId"]))
    since, principal, shown = str(row.get("createdDateTime") or ""), row["principalId"], str(row["principalDisplayName"])
    match row["principalType"]:
        case "Group":
            position = _position(manifest, key, role, "groups", {shown, principal})
            for member in answers.get(("members", principal), []):
                if member.get("@odata.type") == "#microsoft.graph.user":
                    yield Holding(key, role, "user", _name(member), member["id"], f"group {shown}", since, position)
        case "User":
            name = names.get(principal, shown)
            position = _position(manifest, key, role, "users", {name, principal})
            yield Holding(key, role, "user", name, principal, "direct", since, position)
        case _:
            yield Holding(key, role, "application", shown, principal, "consent", since)


def _position(manifest: Manifest, key: str, role: str, sort: str, known: set[str]) -> Position | None:
    assignees = manifest.assignments.get((key, role))
    if assignees is None:
        return None
    folded = {each.casefold() for each in known}
    named = assignees.users if sort == "users" else assignees.groups
    return next((each.position or assignees.position for each in named if {each.name.casefold(), each.id} & folded), None)


def _name(item: Mapping[str, Any]) -> str:
    return str(item.get("userPrincipalName") or item.get("displayName") or item["id"])
