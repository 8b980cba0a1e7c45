"""The page about access tests (docs/tests.md), its tables made from the schema."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from entra_config.testing import schema


def text() -> str:
    """Return the page in Markdown: the prose of data/tests.md with its tables."""
    prose = resources.files("entra_config.testing").joinpath("data/tests.md").read_text(encoding="utf-8")
    requested = schema.request()
    tables = {
        "file": schema.file(),
        "person": schema.person(),
        "test": {key: value for key, value in schema.test().items() if key not in requested},
        "request": requested,
        "expect": schema.test()["expect"]["properties"],
        "grid": {key: value for key, value in schema.grid().items() if key in ("it", "grid")},
    }
    for name, fields in tables.items():
        prose = prose.replace(f"<!-- table: {name} -->", _table(fields))
    return prose


def _table(fields: Mapping[str, Any]) -> str:
    rows = [f"| `{key}` | {_cell(each['description'])} | {_example(each)} |" for key, each in fields.items()]
    return "\n".join(["| key | says | example |", "|---|---|---|", *rows])


def _example(field: Mapping[str, Any]) -> str:
    value = schema.examples(field)
    return "" if value is None else f"`{_cell(_inline(value))}`"


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
