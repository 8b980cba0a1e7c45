"""The names that other packages use of the emulator."""

import ast
from pathlib import Path
from types import ModuleType

import pytest

from entra_emulator import api


def test_type_checkers_and_programs_find_the_same_names() -> None:
    """Each name is imported from the module in which type checkers find it."""
    imports = [
        node
        for node in ast.walk(ast.parse(Path(api.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(str(api.__package__))
    ]
    read = {}
    for node in imports:
        for name in (alias.name for alias in node.names):
            module = f"{node.module}.{name}" if isinstance(getattr(api, name), ModuleType) else node.module
            read[name] = str(module).removeprefix(f"{api.__package__}.")
    assert read == api._MODULES  # type: ignore[attr-defined]  # type checkers do not read it


def test_another_name_is_an_attribute_error() -> None:
    """As for every module, so that `hasattr` and `import` work."""
    with pytest.raises(AttributeError, match=r"module 'entra_\w+\.\S+' has no attribute 'nothing'"):
        api.nothing  # type: ignore[attr-defined]  # noqa: B018  # it does not exist
