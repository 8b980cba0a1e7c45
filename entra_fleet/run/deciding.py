"""A loaded shard, flags and this very tool in; a hash of all that decides what a plan of it does, out.

Places in files are no part of it, nor comments: they change what is told, not what is done. A version says
too little of the tool, so all files of the package count.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

from entra_config.errors import Position
from entra_config.manifest.tenants.shards import LoadedShard

# Of the engine, of the emulator that access tests run on, and of this module.
PACKAGES = ("entra_config", "entra_emulator", "entra_fleet")
# Where the files stand on this machine, and which patterns restrict them: both decide whether a manifest
# holds, and nothing of what it says.
_ELSEWHERE = frozenset({"root", "path_restrictions", "test_restrictions", "written"})


@dataclass(frozen=True, slots=True)
class Flags:
    """What a plan is told beside the files: limits that are lifted, and the cloud."""

    allow: tuple[str, ...] = ()
    cloud: str = "global"


def digest(shard: LoadedShard, flags: Flags, tool: str) -> str:
    """Return the hash of all that decides a shard; `tool` is that of the tool's own files."""
    placed = shard.placed.shard
    path = shard.pins_path
    said = {
        "manifest": _manifest(shard),
        "pins": hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "",
        "signsIn": [placed.kind, placed.client_id],
        "flags": [sorted(flags.allow), flags.cloud],
        "tool": tool,
    }
    return _hash(said)


def _manifest(shard: LoadedShard) -> str:
    """Return the hash of the resolved manifest, made once of what was loaded: it takes some milliseconds."""
    if not shard.hashed:
        manifest = shard.manifest
        said = {
            name: to_comparable(getattr(manifest, name))
            for name in sorted(each.name for each in fields(manifest) if each.init)
            if name not in _ELSEWHERE
        }
        shard.hashed.append(_hash(said))
    return shard.hashed[0]


def _hash(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@cache
def tool() -> str:
    """Return the hash of all files of the packages of this tool, as they are on the disk."""
    return _hash({name: of_files(_folder(name)) for name in sorted(PACKAGES)})


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    assert found is not None  # one of this very tool
    assert found.origin is not None
    return Path(found.origin).parent


def of_files(folder: Path) -> str:
    """Return the hash of all files below a folder, by their names there; what Python compiled is none."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(folder).as_posix().encode()
            found.update(len(name).to_bytes(4) + name + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def to_comparable(value: Any) -> Any:
    """Return a typed value as JSON has it, with the types' names and without places."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Position):
        return None
    kind: Any = type(value)
    if (names := _fields(kind)) is not None:
        return {"": kind.__name__, **{name: to_comparable(getattr(value, name)) for name in names}}
    if isinstance(value, Mapping):
        # Their order is a part of what is said: of two that are alike but for it, plans may differ.
        return [[to_comparable(key), to_comparable(each)] for key, each in value.items()]
    if isinstance(value, frozenset | set):
        return sorted(
            (to_comparable(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True)
        )
    if isinstance(value, tuple | list):
        return [to_comparable(each) for each in value]
    return [type(value).__name__, value.hex() if isinstance(value, bytes) else str(value)]


@cache
def _fields(kind: type) -> tuple[str, ...] | None:
    """Return the names of what a value of a type is made from; None where it is no dataclass."""
    return tuple(each.name for each in fields(kind) if each.init) if is_dataclass(kind) else None
