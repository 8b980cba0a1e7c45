"""Run an editing command on a drawn manifest, and report what it does besides the wanted change."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from entra_config.manifest.editing import edit, move
from entra_config.manifest.editing.offboard import offboard
from entra_config.testing import naming, reading
from tests.unit.manifest.drawn_manifest import Trees, Writing, trees

PLACE = re.compile(r"\.yaml:[0-9]+")
_COMMENT = re.compile(r"# about [0-9]+\.")
Names = Mapping[str, str | None]


@dataclass(frozen=True)
class Command:
    """A command, the names after it, and what else is in the files after it."""

    run: Callable[[Path], Any]
    names: Names
    change: Callable[[Trees], object] = lambda _: None
    removes: bool = False

    def wanted(self, seed: int) -> Trees:
        """Return what the files are to mean afterwards."""
        found = trees(seed, self.names)
        self.change(found)
        return found


def _application(found: Trees, key: str) -> Any:
    return found["apps.yaml"]["applications"][key]


def _holders(found: Trees, role: str) -> Any:
    return found["team.yaml"]["appRoleAssignments"]["api"][role]["users"]


def _role(**fields: Any) -> Callable[[Trees], object]:
    return lambda found: _application(found, "api")["appRoles"]["Viewer"].update(fields)


def _add(found: Trees) -> None:
    fields = {"displayName": "New", "description": "New: #1", "allowedMemberTypes": ["User"]}
    _application(found, "api")["appRoles"]["New"] = fields


def _unassign(found: Trees) -> None:
    users = _holders(found, "Reader")
    users[:] = [each for each in users if "bob@contoso.com" not in (each, *_values(each))]


def _values(entry: Any) -> tuple[Any, ...]:
    return tuple(entry.values()) if isinstance(entry, dict) else ()


COMMANDS: Mapping[str, Command] = {
    "move key api": Command(
        lambda root: move.key(root, "api", "records"),
        {"api": "records"},
        lambda found: _application(found, "records").update(previously="api"),
    ),
    "move key page": Command(
        lambda root: move.key(root, "page", "site"),
        {"page": "site"},
        lambda found: _application(found, "site").update(previously="page"),
    ),
    "move environment": Command(
        lambda root: move.environment(root, "dev", "test", unpinned=True), {"dev": "test"}
    ),
    "move project": Command(lambda root: move.project(root, "store", unpinned=True), {"shop": "store"}),
    "app-role rename": Command(
        lambda root: edit.rename(root, "api", "Reader", "Viewer"),
        {"Reader": "Viewer", "value Reader": "Viewer"},
        _role(previously="Reader", breaking=True),
    ),
    "app-role rename --keep-value": Command(
        lambda root: edit.rename(root, "api", "Reader", "Viewer", keep_value=True),
        {"Reader": "Viewer"},
        _role(previously="Reader", value="Reader"),
    ),
    "app-role remove": Command(
        lambda root: edit.remove(root, "api", "Writer"), {"Writer": None, "value Writer": None}, removes=True
    ),
    "app-role add": Command(lambda root: edit.add(root, "api", "New", description="New: #1"), {}, _add),
    "app-role assign": Command(
        lambda root: edit.assign(root, "api", "Reader", users=["dora@contoso.com"]),
        {},
        lambda found: _holders(found, "Reader").append("dora@contoso.com"),
    ),
    "app-role unassign": Command(
        lambda root: edit.unassign(root, "api", "Reader", users=["BOB@contoso.com"]),
        {},
        _unassign,
        removes=True,
    ),
    "offboard": Command(
        lambda root: offboard(root, "Alice@contoso.com"), {"alice@contoso.com": None}, removes=True
    ),
}


def tried(seed: int, name: str, folder: Path) -> str:
    """Run one command on one drawn manifest; return what is wrong afterwards, empty if nothing is."""
    writing, command = Writing(Random(seed)), COMMANDS[name]
    before: dict[str, str] = {}
    about: dict[str, tuple[str, tuple[Any, ...]]] = {}
    for file, tree in trees(seed).items():
        seen = len(writing.comments)
        before[file] = writing.text(tree)
        about |= {word: (file, path) for word, path in list(writing.comments.items())[seen:]}
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(before[file].encode())
    root = folder / "entra-config.yaml"
    wanted = command.wanted(seed)
    try:
        command.run(root).write()
    except EntraConfigError as error:
        if {file: (folder / file).read_bytes().decode() for file in before} != before:
            return "refused, and something was written"
        expected = wanted == trees(seed) or PLACE.search(str(error))
        return "" if expected else f"refused without file and line: {error}"
    except Exception as error:  # noqa: BLE001  # a defect that is looked for
        return f"{type(error).__name__}: {error}"
    after = {file: (folder / file).read_bytes().decode() for file in before}
    return _judge(root, after, wanted) or _missing_comment(after, wanted, about, command)


def _judge(root: Path, after: Mapping[str, str], wanted: Trees) -> str:
    for file, text in after.items():
        # All scalars as they are written, by another reader of YAML than the engine's.
        found = yaml.load(text, yaml.BaseLoader)
        if json.dumps(found) != json.dumps(_texts(wanted[file])):
            return f"{file} means something else than wanted:\n{text}"
    try:
        unknown = naming.find_problems(reading.load(root), loader.load_all(root))
    except EntraConfigError as error:
        return f"not valid afterwards: {error}"
    return "\n".join(map(str, unknown))


def _texts(value: Any) -> Any:
    """Return a tree with all scalars as they are written."""
    if isinstance(value, dict):
        return {key: _texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return list(map(_texts, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _missing_comment(
    after: Mapping[str, str],
    wanted: Trees,
    about: Mapping[str, tuple[str, tuple[Any, ...]]],
    command: Command,
) -> str:
    """Return a comment that is not where it was, although what it is about is still there."""
    for file, text in after.items():
        found = _COMMENT.findall(text)
        if found != sorted(found, key=lambda word: int(word.split()[-1][:-1])) or len({*found}) != len(found):
            return f"comments of {file} are in another order"
        for word, (its, path) in about.items():
            if its == file and word not in found and _is_there(wanted[file], path, command):
                return f"{file}: the comment `{word}` about {path} is gone:\n{text}"
    return ""


def _is_there(tree: Any, path: tuple[Any, ...], command: Command) -> bool:
    """Return True if the entry is still there; of an item of a list only if nothing is removed."""
    for key in path:
        if isinstance(key, int):
            return not command.removes
        named = command.names.get(key, key)
        if named not in tree:
            return False
        tree = tree[named]
    return True
