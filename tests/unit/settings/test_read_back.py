"""Two hundred legal values, each read back from every file by the language's own parser; no canary sings."""

from __future__ import annotations

import json
from subprocess import CalledProcessError
from typing import Any

import pytest

from entra_config import quoting
from entra_config.quoting import Variable
from tests import seeds
from tests.unit.settings.reading import wrong


def _in_double_quotes(*parts: str | Variable) -> str:
    return '"' + "".join(f"${part.name}" if isinstance(part, Variable) else part for part in parts) + '"'


# Python and TypeScript hold values of scopes and roles alone, in which Graph takes nothing that ends or
# escapes a string; no name in a fence holds the line break that would end it.
UNQUOTED: dict[str, Any] = {
    "sh": _in_double_quotes,
    "dotenv": str,
    "postman_json": json.dumps,
    "code_span": "`{}`".format,
    "code_cell": quoting.code_span,
}


def test_each_value_is_read_back_as_what_it_was() -> None:
    """Bash, Python, TypeScript's compiler, JSON, Markdown, dotenv and Postman."""
    number, problems = wrong(seeds.of("quoting")[:6])
    assert problems == []
    assert number >= 200


@pytest.mark.oracles
def test_two_thousand_values_are_read_back() -> None:
    """The same, ten times as many."""
    number, problems = wrong(seeds.of("quoting"))
    assert problems == []
    assert number >= 2000


@pytest.mark.parametrize("name", UNQUOTED)
def test_what_is_not_quoted_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the quoting of one language switched off, a value is read as another one, or its file cannot be
    read at all.
    """
    monkeypatch.setattr(quoting, name, UNQUOTED[name])
    try:
        _, problems = wrong(range(20))
    except (SyntaxError, ValueError, CalledProcessError) as error:
        problems = [str(error)]
    assert problems
