"""The glossary is in order, and its words are those that the docs and the code use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/glossary.md"
ROWS = [
    row
    for row in re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    if row[0] != "word"
]


def test_words_stand_once_and_in_order() -> None:
    """Whoever looks for a word finds it where the alphabet puts it; each meaning is a sentence."""
    words = [word for word, _ in ROWS]

    assert words == sorted(set(words))
    assert len(words) > 40
    assert [word for word, means in ROWS if not re.fullmatch(r"[A-Z].*\.", means)] == []


def test_each_word_is_in_use() -> None:
    """The docs or the package say it besides the glossary, as a word."""
    texts = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
        if path != PAGE
    ]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "entra_config").rglob("*.py")]
    used = set(re.findall(r"[a-z]+", "\n".join(texts).casefold()))

    assert [
        word for word, _ in ROWS if not all(part in used or f"{part}s" in used for part in word.split())
    ] == []


# Words that the glossary has another for: type, external, request or question, response, notice or report,
# path restriction, attempt, fallback.
PRIVATE = {
    *("sort", "sorts", "stranger", "strangers", "foreign", "fence", "trial", "detour"),
    *(
        "ask",
        "asks",
        "asked",
        "asking",
        "answer",
        "answers",
        "answered",
        "answering",
        "told",
        "tell",
        "tells",
    ),
}


def test_no_name_is_a_private_word() -> None:
    """Of variables, fields, functions, classes and modules."""
    found = {
        f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)} {name}"
        for path in (ROOT / "entra_config").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in _names(node)
        if PRIVATE & set(re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold().split("_"))
    }

    assert found == set()


def _names(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name) | ast.arg(arg=name):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case _:
            return ()
