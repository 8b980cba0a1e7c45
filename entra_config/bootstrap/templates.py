"""The values of a repository in; the files that this package ships for its host, filled with them, out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from entra_config.errors import UsageError

_HERE = Path(str(resources.files("entra_config"))) / "bootstrap"
_HOLE = re.compile(r"__([A-Z][A-Z_]*[A-Z])__")
# What stands between these lines, or after the first, is written once for each environment.
_EACH, _ONCE = "#: each environment\n", "#: once\n"
_FOLDER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


def filled(text: str, values: Mapping[str, str], each: Sequence[Mapping[str, str]] = ()) -> str:
    """Fill a template; a line that is only a hole with nothing for it goes, and one with several lines
    becomes these.
    """
    head, mark, block = text.partition(_EACH)
    block, _, tail = block.partition(_ONCE)
    parts = [_fill(block, {**values, **own}) for own in each] if mark else []
    return _fill(head, values) + "\n".join([*parts, *([_fill(tail, values)] if tail else [])])


def _fill(text: str, values: Mapping[str, str]) -> str:
    lines = []
    for line in text.splitlines():
        name = _HOLE.fullmatch(line)
        if not (name and not values[name[1]]):
            lines.append(_HOLE.sub(lambda hole: values[hole[1]], line))
    return "".join(f"{line}\n" for line in lines)


def check_folders(who: str, *folders: str) -> None:
    """Refuse a folder that cannot stand in a file of a pipeline without quotes."""
    for folder in folders:
        if not _FOLDER.fullmatch(folder):
            raise UsageError(f"{folder}: {who} this folder, so it has letters, digits, `-`, `_` and `.` only")


def template(host: str, name: str) -> str:
    """Return the text of a template of a host."""
    return (_HERE / "templates" / host / name).read_text(encoding="utf-8")


def shipped(host: str) -> dict[str, str]:
    """Return the files that every repository of a host has alike, by path below its folder: actions and
    scripts.

    In a checkout of this project they are its own; the package has copies of them.
    """
    packaged = _HERE / "shipped" / host
    folder = packaged if packaged.is_dir() else _HERE.parents[1] / f".{host}"
    texts = {}
    for part in ("actions", "scripts"):
        for path in sorted((folder / part).rglob("*")):
            # What Python leaves beside a script is none.
            if path.suffix in {".py", ".sh", ".yml"}:
                texts[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
    return texts


def requirements(name: str) -> str:
    """Return a lock file of what this version depends on, with hashes."""
    packaged = _HERE / "shipped" / name
    return (packaged if packaged.is_file() else _HERE.parents[1] / name).read_text(encoding="utf-8")
