"""A manifest and an application of it in; the file of access tests that a new role begins with out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from entra_config.manifest import loader
from entra_config.manifest.environments import source
from entra_config.manifest.model import Application, Manifest
from entra_config.properties import REDIRECT_URIS
from entra_config.testing.grids import HEAD, HELD, NOT_HELD
from entra_config.testing.schema import FILE

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]*[A-Za-z0-9._]")
_PAGES = ("spa", "publicClient", "web")  # the types that sign people in, those that need no secret first


@dataclass(frozen=True, slots=True)
class First:
    """The file to write, or, in its place, why there is none."""

    path: Path
    text: str = ""
    note: str = ""


def of_role(path: Path, key: str, label: str, contents: Mapping[Path, str]) -> First:
    """Return a grid of who holds which role of an application, in which the new role has a column and nobody
    holds it.

    `contents` are texts of the manifest that are not written yet.
    """
    root = source.locate(path)
    file = root.parent / "tests" / f"{key}-{label}.yaml"
    if file.exists():
        return First(file, note=f"{file} exists: no access test was written")
    if not _listed(root, file, contents):
        return First(file, note=f"`tests` of {root} names no file like {file}: no access test was written")
    grids: dict[str, list[str]] = {}
    # Of a fleet's environments there is no access without a tenant.
    for manifest in (each.manifest for each in loader.checked(root, contents=contents)):
        if key in manifest.applications:
            grid = _grid(manifest, manifest.applications[key])
            if grid:
                grids.setdefault(grid, []).append(manifest.environment)
    if not grids:
        return First(file, note=f"no client asks for a scope of `{key}`: no access test was written")
    several = len(grids) > 1 or {name for names in grids.values() for name in names} != set(
        loader.environments(root)
    )
    tests = [_test(key, label, grid, names if several else ()) for grid, names in grids.items()]
    return First(file, _HEAD.format(schema=FILE, role=f"{key}/{label}") + "\n".join(tests))


_HEAD = """\
# yaml-language-server: $schema=../{schema}
#
# Who holds which role: `x` has it, `.` has it not. Nobody has {role} yet; whoever gives it says here to whom.
# The row of a group is somebody who is in it and in no other; `people:` adds persons (docs/tests.md).
tests:
"""


def _listed(root: Path, file: Path, contents: Mapping[Path, str]) -> bool:
    patterns = source.patterns(root, contents=contents)
    relative = file.relative_to(root.parent)
    return any(relative.match(pattern) for pattern in patterns)


def _test(key: str, label: str, grid: str, environments: Sequence[str]) -> str:
    where = f" in {' and '.join(environments)}" if environments else ""
    only = f"    only: [{', '.join(environments)}]\n" if environments else ""
    return f"  - it: gives each the roles of {key}, and nobody {label}{where}\n{only}{grid}"


def _grid(manifest: Manifest, api: Application) -> str:
    first = next(_clients(manifest, api), None)
    if first is None:
        return ""
    client, scope = first
    values = [role.value for role in api.app_roles.values() if role.value]
    rows = {group: held for group, held in _held(manifest, api).items() if "@" not in group and group != HEAD}
    lines = [
        f"    client: {client.key}",
        *(["    secret: true"] if client.type == "web" else []),
        f"    asks: [{api.key}/{scope}]",
    ]
    if not rows:
        expected = "{ refused: AADSTS50105 }" if _required(api) else "{ token: { roles: absent } }"
        return "\n".join(["    as: { memberOf: [] }", *lines, f"    expect: {expected}", ""])
    names = {group: _written(group) for group in rows}
    width = max(len(name) for name in (HEAD, *names.values())) + 1
    cells = [_written(value) for value in values]
    table = [f"      {HEAD + ':':<{width}} [{', '.join(cells)}]"]
    for group, held in rows.items():
        marks = [HELD if value in held else NOT_HELD for value in values]
        ends = [*[","] * (len(marks) - 1), ""]
        row = [f"{mark + end:<{len(cell) + 1}}" for mark, end, cell in zip(marks, ends, cells, strict=True)]
        table.append(f"      {names[group] + ':':<{width}} [{' '.join(row)[:-1]}]")
    return "\n".join([*lines, "    grid:", *table, ""])


def _clients(manifest: Manifest, api: Application) -> Iterator[tuple[Application, str]]:
    """Yield each client that people sign in to, with a scope of the API that needs no further consent."""
    for kind in _PAGES:
        for client in manifest.applications.values():
            permission = client.api_permissions.get(api.key)
            consented = [*((permission.delegated_consent if permission else None) or ())]
            scopes = [
                label
                for label in api.scopes
                if label in (*consented, *api.authorized_clients.get(client.key, ()))
            ]
            if client.type == kind and scopes and not _required(client) and _pages(client):
                yield client, scopes[0]


def _pages(client: Application) -> bool:
    return any(setting.value for path in REDIRECT_URIS if (setting := client.settings.get(path)))


def _required(application: Application) -> bool:
    setting = (
        application.enterprise.settings.get("appRoleAssignmentRequired") if application.enterprise else None
    )
    return bool(setting and setting.value)


def _held(manifest: Manifest, api: Application) -> Mapping[str, frozenset[str]]:
    """Return the values of the roles of each group that is assigned one."""
    found: dict[str, frozenset[str]] = {}
    for label, assignees in manifest.assigned(api.key).items():
        role = api.app_roles.get(label)
        held = frozenset({role.value} if role and role.value else ())
        for group in assignees.groups:
            found[group.name] = found.get(group.name, frozenset()) | held
    return found


def _written(text: str) -> str:
    """Return a text as YAML has it: plain where that is what it looks like."""
    return (
        text
        if _PLAIN.fullmatch(text) and text.casefold() not in {"null", "true", "false"}
        else json.dumps(text)
    )
