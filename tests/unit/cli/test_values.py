"""Values of the command line: read the plain way, they are what typer itself makes of them, its errors
included.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer

from entra_config.cli import main, values

SAMPLES: tuple[Any, ...] = (
    None, "", "x", "text", "global", "mars", "GLOBAL", "a/b.yaml", "~/x", "7", "-1",
    True, False, "true", "0", "maybe", (), ("a",), ("a/b", ""),
)  # fmt: skip


def parameters() -> Iterator[tuple[str, Any]]:
    """Yield every parameter of every command, as typer makes it."""
    waiting = [(name, main.load(name)) for name in main.COMMANDS]
    while waiting:
        name, command = waiting.pop()
        waiting += [(f"{name} {below}", each) for below, each in getattr(command, "commands", {}).items()]
        yield from ((f"{name} {param.name}", param) for param in command.params)


def outcome(param: Any, ctx: Any, value: Any) -> tuple[str, Any, Any]:
    """Return what comes of a value: itself with its type, or the error in words."""
    try:
        found = param.process_value(ctx, value)
    except Exception as error:  # noqa: BLE001  # whatever typer says is compared
        return type(error).__name__, str(error), None
    return "value", found, [type(item) for item in found] if isinstance(found, list | tuple) else type(found)


PARAMETERS = dict(parameters())


@pytest.fixture(scope="module")
def ctx() -> Any:
    """Return a context of typer's, of a command that nobody has."""
    return typer.Context(typer.main.get_command(_app()))


@pytest.mark.parametrize("name", sorted(PARAMETERS))
def test_a_value_is_what_typer_makes_of_it(name: str, ctx: Any) -> None:
    """Plain or not, given, left out or wrong."""
    param = PARAMETERS[name]
    for value in SAMPLES:
        param._runtime_param = None
        expected = outcome(param, ctx, value)
        param._runtime_param = values._Plain()
        assert outcome(param, ctx, value) == expected, value


def _app() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    def nothing() -> None: ...

    return app
