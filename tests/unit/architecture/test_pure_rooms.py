"""Rooms that reach for no file and no process, and whose clocks and chance are arguments."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.architecture.sources import PURE, ROOMS, files, find_file, name_place, nodes

PATHS = {
    "read_text",
    "write_text",
    "read_bytes",
    "write_bytes",
    "mkdir",
    "unlink",
    "exists",
    "iterdir",
    "glob",
    "rglob",
    "touch",
    "open",
}
# Time, chance, the machine: what a pure function gets as an argument.
AMBIENT = {
    "os", "sys", "time", "random", "secrets", "tempfile", "shutil", "pathlib", "io",
    "socket", "subprocess", "asyncio", "threading", "logging",
}  # fmt: skip


def outside(path: Path) -> Iterator[str]:
    """Yield each place where a file reaches for the world: a path, a clock, chance, the process; data of
    the package is none.
    """
    for node in nodes(path):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = (
                [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else [each.name for each in node.names]
            )
            yield from (
                f"{path.name}:{node.lineno} import {name}"
                for name in modules
                if name.partition(".")[0] in AMBIENT
            )
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            of_package = "resources.files(" in called
            method = isinstance(node.func, ast.Attribute) and node.func.attr in PATHS and not of_package
            if method or called in {
                "open",
                "print",
                "input",
                "datetime.now",
                "datetime.today",
                "date.today",
                "uuid4",
                "uuid.uuid4",
            }:
                yield f"{path.name}:{node.lineno} {called}"


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_reaches_for_nothing(room: str) -> None:
    """No file, clock, chance or process: what it needs of these comes in as an argument."""
    assert [place for path in files(room) for place in outside(path)] == []


def test_what_reaches_for_the_world_is_seen() -> None:
    """The look finds the files of the lock file, the clock of the command line, the connection of graph/."""
    found = {
        room: [place for path in files(room) for place in outside(path)]
        for room in ("manifest", "cli", "graph")
    }

    assert any("import os" in place for place in found["manifest"])
    assert any("datetime.now" in place for place in found["cli"])
    assert any("import asyncio" in place for place in found["graph"])


CHANCE = re.compile(
    r"(datetime\.now|datetime\.today|datetime\.utcnow|dt\.datetime\.now|date\.today|(uuid\.)?uuid[14]"
    r"|time\.\w+|perf_counter|monotonic|random\.\w+|secrets\.token_\w+|os\.urandom|asyncio\.sleep)"
)
# Who reads a clock or draws by itself: the ends, and what stands where an argument is not given.
WIRED = {
    "cli": "it gives the clock and chance of this machine to what it calls",
    "entra_fleet": "it does so too, for each tenant",
    "entra_emulator": "a server: its clock is its own",
    "testcontainers": "waits for a container",
    "pytest_plugin": "the time of a test",
}
DRAWN = {
    "apply/run.py: secrets.token_hex(16)": "what `draw` is where no other is given",
    "graph/client.py: asyncio.sleep(0)": "lets others go on; no time",
}


def called_by_chance(path: Path) -> Iterator[str]:
    """Yield each call that reads a clock, waits or draws, but for the lambdas that arguments default to."""
    defaults = {
        id(inner)
        for node in nodes(path)
        if isinstance(node, ast.arguments)
        for default in (*node.defaults, *filter(None, node.kw_defaults))
        for inner in ast.walk(default)
    }
    for node in nodes(path):
        if (
            isinstance(node, ast.Call)
            and id(node) not in defaults
            and CHANCE.fullmatch(ast.unparse(node.func))
        ):
            yield f"{name_place(path)}: {ast.unparse(node)}"


def test_time_ids_progress_and_chance_are_arguments() -> None:
    """No room reads a clock, waits, draws or tells how far it is by itself, but the ends of the tool."""
    inner = [path for room in sorted(ROOMS - {*WIRED}) for path in files(room)]
    drawn = [each for path in inner for each in called_by_chance(path)]
    printing = {
        name_place(path)
        for path in inner
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"print", "sys.stdout.write", "typer.echo"}
    }

    assert sorted(drawn) == sorted(DRAWN)
    # What makes a page of docs/, run by itself.
    assert {place for place in printing if "__main__" not in find_file(place).read_text("utf-8")} == set()
    assert all(any(called_by_chance(path) for path in files(room)) for room in WIRED)
