"""How a report was made, said again: the words that somebody chose, and what a manifest's moves become."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import making


class Context:
    """A command as it was called: each option with its value, and where that came from."""

    info_name = "plan"

    def __init__(self, *options: tuple[str, Any, str | None]) -> None:
        self.sources = {name.strip("-"): source for name, _, source in options}
        self.params = {name.strip("-"): value for name, value, _ in options if value is not ...}
        self.command = SimpleNamespace(
            params=[
                SimpleNamespace(
                    name=name.strip("-"),
                    opts=["-x", name],
                    param_type_name="option" if name.startswith("-") else "argument",
                )
                for name, _, _ in options
            ]
        )

    def get_parameter_source(self, name: str) -> Any:
        """Return where a value came from."""
        source = self.sources[name]
        return None if source is None else SimpleNamespace(name=source)


LINE, SHELL, DEFAULT = "COMMANDLINE", "ENVIRONMENT", "DEFAULT"


@pytest.mark.parametrize(
    ("option", "words"),
    [
        (("--strict", True, LINE), ["--strict"]),
        (("--strict", False, LINE), []),
        (("--base", "v1", LINE), ["--base", "v1"]),
        (("--base", "v1", SHELL), ["--base", "v1"]),
        (("--base", "v1", DEFAULT), []),
        (("--base", "v1", None), []),
        (("--base", None, LINE), []),
        (("--base", ..., LINE), []),
        (("--out", Path("p"), LINE), ["--out", "p"]),
        (("--allow", ["a", "b"], LINE), ["--allow", "a", "--allow", "b"]),
        (("--allow", ("a",), LINE), ["--allow", "a"]),
        (("--allow", [], LINE), []),
        (("file", Path("p"), LINE), ["p"]),
        (("shards", ("a/b", "c/d"), LINE), ["a/b", "c/d"]),
    ],
)
def test_the_words_are_those_that_somebody_chose(
    option: tuple[str, Any, str | None], words: list[str]
) -> None:
    """On the line or in the environment, by their long names; no default is one."""
    context: Any = Context(option, ("--other", 1, DEFAULT))
    assert list(making._given(context)) == words
