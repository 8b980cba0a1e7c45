"""The tree of errors with their exit codes, and the one place that ends with them."""

from __future__ import annotations

import ast
import re

from entra_config import errors
from tests.unit.architecture.sources import everywhere


def test_the_error_tree_is_whole() -> None:
    """The picture in `errors.py` names every error, each with its exit code."""
    drawn = dict(re.findall(r"[├└]── (\w+) .*exit (\d)", errors.__doc__ or ""))
    classes = [
        each
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.EntraConfigError)
    ]

    assert drawn == {
        each.__name__: str(each.exit_code) for each in classes if each is not errors.EntraConfigError
    }


# Who ends a process, or takes an error's code, and why it is not `main` that does.
ENDS = {
    "cli/main.py": "the one place",
    "cli/findings.py": "a result of a fleet has the code that `lint` would have",
    "entra_fleet/run/tenant_process.py": "nobody is there any more to whom it could be told",
    "entra_fleet/run/tenant_run.py": "a result of a fleet has the code that the command would have",
}


def test_one_place_turns_an_error_into_an_exit_code() -> None:
    """`main`; no other command takes an error's code, and none but the emulator's ends by itself."""
    words = {"sys.exit", "typer.Exit", "os._exit", "SystemExit"}
    ending = {
        place
        for word in ("xit(", "Exit", "exit_code")
        for place, node in everywhere(word)
        if not place.startswith("entra_emulator/")  # a program of its own
        and isinstance(node, ast.Attribute | ast.Name)
        and (ast.unparse(node) in words or (isinstance(node, ast.Attribute) and node.attr == "exit_code"))
    }

    assert ending == {*ENDS}
