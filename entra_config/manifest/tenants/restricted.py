"""A file of a fleet that has a `mayDeclare` in; what no such file says, noted.

`${file}` in a pattern is the file's own name, so that each speaks of the tenant that it is called by.
"""

from __future__ import annotations

from pathlib import Path

from entra_config.errors import Position
from entra_config.manifest.environments import fleet_environment
from entra_config.manifest.environments.path_restriction import PathRestriction
from entra_config.manifest.reading.node import Map, Node
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import KEY

FILE = "${file}"
_NEVER = ("credential", "tags")


def named(restriction: PathRestriction, file: Path) -> PathRestriction:
    """Return the restriction with the file's own name in it."""
    return PathRestriction(tuple(each.replace(FILE, file.stem) for each in restriction.patterns))


def check(document: Map, problems: Problems) -> None:
    """Note who signs in, what finds a tenant, and what makes something trusted."""
    own = Path(document.position.file).stem
    if not KEY.fullmatch(own):
        problems.add(
            document.position, f"`{own}` is not a tenant's name: a letter, then letters, digits, hyphens"
        )
    for key, tenant in _entries(document.node("tenants")):
        for name, (position, _) in _fields(tenant).items():
            if name in _NEVER:
                _note(position, f"`{name}` of `{key}`", problems)
        for _, sections in _entries(_at(tenant, "overrides")):
            for section in ("applications", "enterpriseApplications"):
                for application, fields in _entries(_at(sections, section)):
                    for path, trusted in fleet_environment.trusted_of(fields, (section, application)):
                        _note(trusted.position, f"`{'/'.join(path)}`", problems)


def _note(position: Position, what: str, problems: Problems) -> None:
    problems.add(position, f"{what} stands in no file with `mayDeclare`: it decides what is trusted")


def _at(node: Node | None, key: str) -> Node | None:
    return node.node(key) if isinstance(node, Map) else None


def _entries(node: Node | None) -> list[tuple[str, Node]]:
    return [(key, entry.node) for key, entry in node.entries.items()] if isinstance(node, Map) else []


def _fields(node: Node) -> dict[str, tuple[Position, Node]]:
    return (
        {key: (each.position, each.node) for key, each in node.entries.items()}
        if isinstance(node, Map)
        else {}
    )
