"""The values of a repository in; the files that this package ships for its host, filled with them, out."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

from entra_config import quoting
from entra_config.errors import UsageError
from entra_config.filling import Templates

_HERE = Path(str(resources.files("entra_config"))) / "bootstrap"
_FOLDER = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
# What means itself in YAML, within brackets and quotes too, and in an argument of a shell.
_PLAIN = re.compile(r"[A-Za-z0-9_@.:/-]*")


def _check_plain(value: object) -> str:
    """Return a value that needs no quotes; another one is a mistake of whoever gives it."""
    if not _PLAIN.fullmatch(text := str(value)):
        raise ValueError(f"{text!r} needs quotes in a file of a pipeline")
    return text


TEMPLATES = Templates("entra_config.bootstrap", "templates", {"plain": _check_plain, "yaml": quoting.yaml})


def fill(folder: str, name: str, /, **values: Any) -> str:
    """Return the file that a template of a folder makes of some values."""
    return TEMPLATES.fill(f"{folder}/{name}", **values)


def check_folders(who: str, *folders: str) -> None:
    """Refuse a folder that cannot stand in a file of a pipeline without quotes."""
    for folder in folders:
        if not _FOLDER.fullmatch(folder):
            raise UsageError(f"{folder}: {who} this folder, so it has letters, digits, `-`, `_` and `.` only")


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
