"""The command line parses, wires and prints, and makes no request of its own."""

from __future__ import annotations

import re

from tests.unit.architecture.sources import everywhere, files, find_file, imported, named


def test_the_command_line_asks_graph_nothing() -> None:
    """It parses, wires and prints: a request is made by a room that reads or writes, be it to the
    emulator's own control. The demo alone plays a colleague who changes things by hand, with a script.
    """
    texts = {
        path.name: path.read_text(encoding="utf-8") for path in (*files("cli"), *files("entra_fleet/cli"))
    }
    verbs = "get|post|put|patch|delete|head|options|request|stream|Client|AsyncClient"
    asking = re.compile(
        rf"entra_config\.graph\.request\b|\bhttpx\.(?:{verbs})\b|from httpx import|urlopen|http\.client"
        r"|create_default_context|open_connection"
    )

    assert [name for name, text in texts.items() if asking.search(text)] == ["tampering.py"]


def test_the_command_line_is_plain() -> None:
    """The session is an argument, and a command's parameters are those that its function has."""
    words = {"contextvars", "__signature__", "__annotations__", "__wrapped__"}
    texts = {path.name: path.read_text(encoding="utf-8") for path in (*files("cli"), *files("entra_fleet"))}

    assert [(name, word) for name, text in texts.items() for word in words if word in text] == []


def test_nothing_is_only_pretended() -> None:
    """Neither plan nor apply asks for it: only what edits files of a manifest can show the edit alone."""
    pretending = {place for place, node in everywhere("dry_run") if named(node) == "dry_run"}

    assert pretending == {"cli/app_role.py", "cli/lint.py", "cli/move.py", "cli/offboard.py"}
    assert {place for place in pretending if imported(find_file(place)) & {"entra_config.reconcile"}} == set()
