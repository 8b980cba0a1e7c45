"""A page of commands in; its blocks as one session, and what a shell says when it types them, out.

What the page shows of a block's output stands below it, after `<!-- shows -->`: whole lines, side by side and
in its order; `…` stands for any words, or on a line of its own for any lines.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
sys.path.append(str(PROJECT / "tools/docs"))
import commands  # noqa: E402  # of tools/docs

README = (PROJECT / "README.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"<!-- session -->\n```bash\n(.*?)```", re.DOTALL)
_ANY = re.compile(r"^```(?:bash|console|sh)\n(.*?)^```", re.DOTALL | re.MULTILINE)
_SHOWS = re.compile(r"\s*<!-- shows -->\n```text\n(.*?)```", re.DOTALL)
_NEXT = "-- the next block --"
CLONED = ("manifests", "api/generated", "spa/src/generated", "docs")
# What asks before it writes; a person says yes.
_ASKS = re.compile(
    r"^entra-config (?:apply|disable|enable|bootstrap \w+)\b(?!.*--auto-approve|.*--check).*$", re.MULTILINE
)


@dataclass(frozen=True)
class Block:
    """Commands that stand together, and what the page shows of what they print."""

    code: str
    shows: str | None = None


def readme() -> list[Block]:
    """Return the README's blocks; there is no other block of bash on the page, and each shows something."""
    found = _blocks(README, _BLOCK)
    assert len(found) == len(re.findall(r"^```bash\n", README, re.MULTILINE)) > 0
    assert all(each.shows for each in found)
    return found


def page(source: str) -> list[Block]:
    """Return the blocks of commands of a page below docs/ that are typed."""
    found = _blocks((PROJECT / source).read_text(encoding="utf-8"), _ANY)
    return [each for each in found if "run" in commands.said(source, each.code)]


def pages(*beginnings: str) -> list[str]:
    """Return the pages whose blocks are typed, of those that begin so."""
    return [source for source in commands.known() if commands.runs(source) in beginnings]


def walk(source: str, folder: Path, path: str) -> None:
    """Type a page as it begins, and hold what is shown against the page."""
    before, blocks = begun(commands.runs(source)), page(source)
    assert blocks
    reported(typed(folder, path, [*before, *blocks])[len(before) :], blocks)


def _blocks(text: str, pattern: re.Pattern[str]) -> list[Block]:
    below = [(each[1], _SHOWS.match(text, each.end())) for each in pattern.finditer(text)]
    return [Block(code, shows and shows[1]) for code, shows in below]


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


def project(folder: Path) -> Path:
    """Make a project of somebody's on GitLab: a manifest, on main."""
    shutil.copytree(PROJECT / "manifests", folder / "manifests")
    on_main(folder)
    remote = "https://gitlab.com/example/myapp.git"
    subprocess.run(["git", "remote", "add", "origin", remote], cwd=folder, check=True)
    return folder


def on_main(folder: Path) -> Path:
    """Commit all that is in a folder."""
    for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "as it was"]):
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", *words]
        subprocess.run(git, cwd=folder, check=True)
    return folder


def begun(how: str) -> list[Block]:
    """Return what is typed before a page that begins so: nothing, or the README's first block."""
    return {"fresh": [], "started": [readme()[0]], "project": [readme()[0]]}[how]


def typed(folder: Path, path: str, blocks: list[Block]) -> list[str]:
    """Type all blocks into one shell, as a person would who says yes where it asks; return what it shows
    after each, with the usual port. `path` is where its programs are found.
    """
    environ = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ENTRA_CONFIG", "AZURE_", "PYTHON", "CI_", "GITHUB_"))
    } | {"PATH": path}
    port = str(_free())  # two tests may run side by side
    script = f"echo '{_NEXT}'\n".join(each.code for each in blocks)
    script = script.replace("emulator start", f"emulator start --port {port}")
    script = _ASKS.sub(_said_yes, script.replace("localhost:8443", f"localhost:{port}"))
    try:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    finally:
        # By this test's program: what was typed may have found its own by a path that ended with the shell.
        ending = [sys.executable, "-m", "entra_config", "emulator", "stop"]
        subprocess.run(ending, cwd=folder, env=environ, capture_output=True, check=False)
    shown = done.stdout.replace(f"localhost:{port}", "localhost:8443").split(f"{_NEXT}\n")
    assert done.returncode == 0, done.stdout
    return shown


def _said_yes(line: re.Match[str]) -> str:
    command, mark, remark = line[0].partition(" #")
    # A saved plan is applied as it was reviewed.
    return line[0] if ".json" in command else f"{command.rstrip()} --auto-approve{mark}{remark}"


def _free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def reported(shown: list[str], blocks: list[Block]) -> None:
    """Hold what was shown after each block against what the page shows below it."""
    assert len(shown) == len(blocks)
    for is_so, block in zip(shown, blocks, strict=True):
        said = block.shows or ""
        assert matches(is_so, said), f"the page shows\n{said}\nand this is\n{is_so}"


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
