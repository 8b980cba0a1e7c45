"""The README in; its commands as one session, and what a shell says when it types them, out. What the page
shows of a block's output stands below it.
"""

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
_SHOWS = re.compile(r"\s*<!-- shows -->\n```text\n(.*?)```", re.DOTALL)
_NEXT = "-- the next block --"
CLONED = ("manifests", "api/generated", "spa/src/generated", "docs")


def blocks() -> list[str]:
    """Return the blocks of commands in the page's order; there is no other block of bash on the page."""
    found = _BLOCK.findall(README)
    assert len(found) == len(_ANY.findall(README)) > 0
    return found


def shows() -> list[str]:
    """Return what the page shows below each block of commands; each has something."""
    found = [_SHOWS.match(README, each.end()) for each in _BLOCK.finditer(README)]
    assert all(found)
    return [each[1] for each in found if each]


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


def typed(folder: Path, path: str) -> list[str]:
    """Type all blocks into one shell, as a person would; return what it shows after each. `path` is where
    its programs are found.
    """
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ENTRA_CONFIG", "AZURE_", "PYTHON"))
    }
    # Two tests may run side by side: a free port instead of the usual one.
    script = f"echo '{_NEXT}'\n".join(blocks()).replace("emulator start\n", "emulator start --port 0\n")
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
    return done.stdout.split(f"{_NEXT}\n")


def reported(shown: list[str]) -> None:
    """Hold what was shown after each block against what the page shows below it."""
    assert len(shown) == len(shows())
    port = re.search(r"Emulator at https://localhost:(\d+) ", shown[0])
    assert port
    for is_so, said in zip(shown, shows(), strict=True):
        on_page = is_so.replace(f"localhost:{port[1]}", "localhost:8443")
        assert matches(on_page, said), f"the page shows\n{said}\nand this is\n{on_page}"


def matches(shown: str, said: str) -> bool:
    """Tell whether the page's lines are there, in its order and side by side; `…` stands for any words, or
    on a line of its own for any lines.
    """
    pattern = r"^(?:.*\n)*?"
    for line in said.splitlines():
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += r"[^\n]*?".join(re.escape(each) for each in line.rstrip().split("…")) + r"[ ]*\n"
    return re.search(pattern, shown) is not None
