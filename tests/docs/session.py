"""The README in; its commands as one session, and what a shell says when it types them, out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"<!-- session -->\n```bash\n(.*?)```", re.DOTALL)
_ANY = re.compile(r"^```bash\n", re.MULTILINE)
CLONED = ("manifests", "api/generated", "spa/src/generated", "docs")


def blocks() -> list[str]:
    """Return the blocks of commands in the page's order; there is no other block of bash on the page."""
    found = _BLOCK.findall(README)
    assert len(found) == len(_ANY.findall(README)) > 0
    return found


def install_lines() -> list[str]:
    """Return the README's lines that install the program from where it is published."""
    found = re.findall(r"^(?:uvx|uv tool|pipx) .*$", README, re.MULTILINE)
    assert README.index(found[0]) == README.index("```console\n") + len("```console\n")  # before all else
    assert [line.split()[0] for line in found] == ["uvx", "uv", "pipx"]
    return found


def clone(folder: Path) -> Path:
    """Make a folder that has what a clone has."""
    for name in CLONED:
        shutil.copytree(PROJECT / name, folder / name)
    return folder


def typed(folder: Path, path: str) -> str:
    """Type all blocks into one shell, as a person would; return what it shows. `path` is where its
    programs are found.
    """
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ENTRA_CONFIG", "AZURE_", "PYTHON"))
    }
    # Two tests may run side by side: a free port instead of the usual one.
    script = "\n".join(blocks()).replace("emulator start\n", "emulator start --port 0\n")
    shell = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(
        shell,
        cwd=folder,
        env=environ | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        subprocess.run(
            ["entra-config", "emulator", "stop"],
            cwd=folder,
            env=environ | {"PATH": path},
            capture_output=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout
    return done.stdout


def reported(shown: str) -> None:
    """Hold what was shown against what the page says of it, in its order."""
    at = 0
    for words in (
        "Plan: 18 to add",  # the example, on an empty tenant
        "Applied: ",
        "No changes",
        "api/Writer  3 people, 1 application",
        "next: entra-config validate -f shop/manifests",
        "✓ sign-in",
        "No changes",  # what doctor and lock changed is nothing
        "1 to adopt",
        "2 people gain Auditor",
        "Applied: 2 done",
        "No drift",
        "redirect URI https://preview.example.net/ added to spa",
        "exit code 2",
        "- https://preview.example.net/",
        "No drift",
    ):
        found = shown.find(words, at)
        assert found >= 0, f"{words!r} is not shown after {shown[:at][-500:]}"
        at = found + len(words)
