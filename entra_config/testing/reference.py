"""The page about access tests (docs/tests.md), its tables made from the records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

from entra_config.manifest.fields.access_test_records import EXPECT, GRID, PERSON, REQUEST, TEST, TESTS
from entra_config.manifest.fields.field import Field


def text() -> str:
    """Return the page in Markdown: the prose of data/tests.md with its tables."""
    prose = resources.files("entra_config.testing").joinpath("data/tests.md").read_text(encoding="utf-8")
    tables = {
        "file": TESTS.fields,
        "person": PERSON.fields,
        "test": [each for each in TEST.fields if each.key not in REQUEST.keys],
        "request": REQUEST.fields,
        "expect": EXPECT.fields,
        "grid": [GRID.field("it"), GRID.field("grid")],
    }
    for name, fields in tables.items():
        prose = prose.replace(f"<!-- table: {name} -->", _table(fields))
    return prose


def _table(fields: Sequence[Field]) -> str:
    rows = [f"| `{each.key}` | {_cell(each.description)} | {_example(each.example)} |" for each in fields]
    return "\n".join(["| key | says | example |", "|---|---|---|", *rows])


def _example(example: Any) -> str:
    return "" if example is None else f"`{_cell(_inline(example))}`"


def _inline(value: Any) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{key}: {_inline(each)}" for key, each in value.items()) + " }"
        case list():
            return f"[{', '.join(map(_inline, value))}]"
        case str():
            return value
        case _:
            return json.dumps(value)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
