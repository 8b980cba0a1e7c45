"""Write the page about risk, docs/risk.md."""

from __future__ import annotations

from collections.abc import Iterator

from entra_config.checks import dangers
from entra_config.lint import page, table
from entra_config.properties import PROPERTIES
from entra_config.risk import CLASSES, HELD_BACK, LEVELS, REFUSED

_HEAD = """\
# Risk

<!-- Made by `make generated`; a test compares it. -->

One table says how risky a change is: a plan before it is made, drift after somebody made it. Text, HTML,
Markdown, SARIF, annotations and JSON read it, and it is data: `entra_config/risk.json`, and for each property
its row in `entra_config/properties.py`. What could give most comes first; a sign (`+ ~ -`) says what changes,
never how risky that is.
"""
_BESIDE = """\
What is withheld or refused has no level, as nobody does it:
"""
_CLASSES = """\
## What gives which, and why

In the order in which a reviewer reads them. A change of several classes is of the first one. A property that
the table does not have is of class *setting*; a change that lets nobody do more is *lost*.
"""
_DANGERS = """\
## Permissions that hand over a tenant or everyone's data

A consent to one of these needs `--allow dangerous` as well.
"""


def text() -> str:
    """Return the page."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    yield "| level | the change | lint | SARIF | annotation |"
    yield "|---|---|---|---|---|"
    for level in LEVELS.values():
        sarif = f"{level.sarif}, {level.severity}"
        yield f"| {level.word} | {level.means} | {level.lint} | {sarif} | {level.annotation} |"
    yield ""
    yield _BESIDE
    for state in (HELD_BACK, REFUSED):
        yield f"- **{state.word}**: {state.means}."
    yield ""
    yield _CLASSES
    yield "| class | risk | why | properties |"
    yield "|---|---|---|---|"
    for each in CLASSES.values():
        named = (row.path for row in PROPERTIES if row.risk == each.name != "setting")
        paths = ", ".join(f"`{path}`" for path in dict.fromkeys(named))
        yield f"| {each.name} | {LEVELS[each.risk].word} | {each.why} | {paths} |"
    yield ""
    yield from _rules()
    yield from _dangers()


def _rules() -> Iterator[str]:
    """Yield the rules of lint by the level of their severity."""
    yield "## Rules of lint, by level\n"
    for level in LEVELS.values():
        found = [rule.id for rule in table.built_in().values() if rule.severity == level.lint]
        yield f"- {level.word}: {', '.join(_link(name) for name in found)}."
    yield ""


def _link(rule: str) -> str:
    return f"[{rule}](lint/{page.find_page(rule)}.md#{rule})"


def _dangers() -> Iterator[str]:
    yield _DANGERS
    yield "| permission | kind | what it can be abused for |"
    yield "|---|---|---|"
    kinds = dangers.listed()
    for name in sorted({*kinds["application"], *kinds["delegated"]}):
        kind = "either" if name in kinds["delegated"] else "application"
        yield f"| `{name}` | {kind} | {kinds['application'][name]} |"
    yield ""
