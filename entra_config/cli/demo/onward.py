"""Where the demo ran, and what the shell calls it there, in; the commands that come next, which work in that
shell as they stand, out.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

from entra_config import extras

EMULATOR = "the same emulator over HTTPS, with sign-in, for your own clients"


def lines() -> str:
    """Return the commands that come next here, a line each."""
    found = steps(Path(), Path(sys.prefix), shutil.which(extras.PACKAGE))
    width = min(max(len(command) for command, _ in found), 64)
    return "".join(f"  {command:<{width}}  {why}\n" for command, why in found)


def steps(folder: Path, prefix: Path, found: str | None) -> list[tuple[str, str]]:
    """Return each command with why, in order: one shell may type them all.

    `prefix` is the environment of this Python, `found` the program that the shell finds by its name.
    """
    # An example that is here stays: `init` writes over nothing.
    beside = ("--project shop -f shop/manifests", "-f shop/manifests")
    new, there = beside if (folder / "manifests").exists() else ("", "")
    return [
        *_before(prefix, found),
        (f"entra-config init {new}".rstrip(), "start a manifest of your own"),
        ("entra-config emulator start", EMULATOR),
        (
            f"entra-config plan -e dev {there} --cloud emulator".replace("  ", " "),
            "what yours would make there",
        ),
    ]


def _before(prefix: Path, found: str | None) -> list[tuple[str, str]]:
    """Return what makes the shell find the program by its name; nothing where it does."""
    if cached(prefix):
        keeper = "pipx install" if "pipx" in prefix.parts else "uv tool install"
        return [(f"{keeper} {extras.requirement('emulator')}", "keeps it: what ran now is of a cache")]
    programs = prefix / ("Scripts" if os.name == "nt" else "bin")
    if found and Path(found).resolve().parent == programs.resolve():
        return []
    why = "so that this shell finds entra-config"
    if os.name == "nt":
        return [(f'$env:PATH = "{programs};$env:PATH"', why)]
    return [(f"export PATH={shlex.quote(str(programs))}:$PATH", why)]


def cached(prefix: Path) -> bool:
    """Tell whether an environment is one that `uvx` or `pipx run` keeps for a while."""
    if "pipx" in prefix.parts:
        return "venvs" not in prefix.parts
    # Caches say so by a file (https://bford.info/cachedir/); uv marks environments with it too.
    return any((above / "CACHEDIR.TAG").is_file() for above in prefix.parents)
