"""How the jobs of a pipeline get this tool: its own source, or one wheel of an index, by hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from entra_config import extras
from entra_config.bootstrap import templates
from entra_config.bootstrap.model import text_of
from entra_config.errors import UsageError

PACKAGE = extras.PACKAGE
# Where the lock files stand, by host: beside what installs from them.
FOLDERS = {"github": ".github/actions/install", "gitlab": ".gitlab/install"}
LOCK = "entra-config.lock"
REQUIREMENTS = "requirements.lock"
# With the clients of the places that keep secrets.
SINKS = "requirements-sinks.lock"
_HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
_HEAD = "# Written by `entra-config bootstrap {host}`: what its version {version} needs.\n"
_TEXT = """\
# Written by `entra-config bootstrap {host} --wheel FILE`: the jobs install this very wheel, whatever their \
index offers.
{package}=={version} \\
    --hash={hash}
"""


def is_source(root: Path) -> bool:
    """Tell whether a repository is this tool's own, whose jobs install what they check out."""
    return (root / "entra_config/cli/main.py").is_file() and (root / "requirements.lock").is_file()


def files(
    root: Path, host: str, version: str, wheel: Path | None, *, sinks: bool = False
) -> Mapping[str, str]:
    """Return the lock files that the jobs install from, by path below the repository's root."""
    if is_source(root):
        return {}
    folder = FOLDERS[host]
    text = _locked(root / folder, version) if wheel is None else _of_wheel(wheel, version)
    if not text:
        raise UsageError(
            "which wheel do the jobs install? Make it"
            f" (`pip wheel --no-deps '{PACKAGE} @ {extras.SOURCE}'`), "
            "put it on their index, and say --wheel FILE: its hash is what they take, and nothing else"
        )
    return {
        f"{folder}/{LOCK}": _TEXT.format(host=host, package=PACKAGE, version=version, hash=text),
        **{
            f"{folder}/{name}": _HEAD.format(host=host, version=version) + templates.requirements(name)
            for name in (REQUIREMENTS, *([SINKS] if sinks else []))
        },
    }


def _locked(folder: Path, version: str) -> str:
    """Return the hash that stands there already, of this version."""
    text = text_of(folder / LOCK)
    found = _HASH.search(text)
    return found[1] if found and f"{PACKAGE}=={version} " in text else ""


def _of_wheel(wheel: Path, version: str) -> str:
    expected = f"{PACKAGE.replace('-', '_')}-{version}-"
    if not (wheel.name.startswith(expected) and wheel.suffix == ".whl"):
        raise UsageError(f"--wheel {wheel}: expected {expected}….whl, the version that writes these files")
    try:
        return f"sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
    except OSError as error:
        raise UsageError(f"--wheel {wheel}: cannot be read: {error.strerror}") from error
