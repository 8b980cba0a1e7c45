"""What fuzzing puts into a manifest: odd values and keys, characters of YAML, and one change of a tree at random."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parents[3] / "manifests"
FILES = ("entra-config.yaml", "access.yaml", "applications/api.yaml", "applications/clients.yaml")
SCALARS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**70,
    1.5,
    float("inf"),
    float("nan"),
    "",
    " ",
    "\t",
    "a" * 5000,
)
PLACEHOLDERS = ("${", "${appId}", "${nope}", "$${x}", "${applications.api.appId}", "${applications.zz.appId}")
TEXTS = (
    "\u202e",
    "é",
    "/",
    "..",
    "*",
    "a\x00b",
    "-----BEGIN CERTIFICATE-----",
    "http://[",
    "https://[",
    "https://a:b.example",
    "https://",
    "://",
    "api://",
    "x:y",
)
SHAPES: tuple[Any, ...] = (
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": ""},
    {"a": {"b": {"c": []}}},
    ["a", "a"],
    {"name": 1},
    {"<<": {}},
)
ODD: tuple[Any, ...] = (*SCALARS, *PLACEHOLDERS, *TEXTS, *SHAPES)
KEYS = (
    "",
    " ",
    "/",
    "..",
    "a/b",
    "../../x",
    "${x}",
    "é",
    "a" * 300,
    "default",
    "appId",
    "*",
    "012",
    "5c1b2f7e-0000-4000-8000-000000000000",
)
MARKS = (
    "\t",
    ":",
    "- ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "#",
    "&a",
    "*a",
    "!!x ",
    "\x00",
    "\ud7ff",
    "|",
    ">",
    "%",
    "@",
    "`",
)
BYTES = (*MARKS, "---\n", "? ", "<<: ", "\n")


def mutate(tree: Any, chance: random.Random) -> None:
    """Change one place of a tree: take it away, rename it, or put something else or something odd there."""
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        keys = node if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
        for key in keys:
            places.append((node, key))
            walk(node[key])

    walk(tree)
    if not places:
        return
    owner, key = chance.choice(places)
    kind = chance.randrange(4)
    if kind == 0:
        del owner[key]
    elif kind == 1 and isinstance(owner, dict):
        owner[chance.choice((f"{key}x", *KEYS))] = owner.pop(key)
    elif kind == 2:
        owner[key] = copy.deepcopy(chance.choice(places)[0])
    else:
        # A copy: what a later turn changes in it is no odd value of the next manifest.
        owner[key] = copy.deepcopy(chance.choice(ODD))
