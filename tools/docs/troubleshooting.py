"""The catalogues of refusals in; the page that tells what to do about each, by its code and by its words,
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from entra_config.apply.messages import CATALOGUE as MESSAGES
from entra_config.graph.catalogue import ROWS
from entra_emulator.api import CATALOGUE

HEAD = Path(__file__).with_name("troubleshooting.md").read_text(encoding="utf-8")


def remedies() -> Mapping[int, str]:
    """Return what to do, by the number."""
    return yaml.safe_load(Path(__file__).with_name("aadsts.yaml").read_text(encoding="utf-8"))


def text() -> str:
    """Return the page."""
    return "\n".join([HEAD, *_signing_in(), *_graph(), *_own()]) + "\n"


def _signing_in() -> Iterator[str]:
    known = remedies()
    for number in sorted(known, key=str):
        yield f"### AADSTS{number}\n"
        entry = CATALOGUE.get(number)
        if entry:
            yield f"> {_plain(entry.text)}\n\n`{entry.error}`\n"
        yield f"{known[number]}\n"


def _graph() -> Iterator[str]:
    yield "## Refused by Microsoft Graph\n\nThe rule is in `--events json` and at the end of an error.\n"
    yield "| rule | refusal | means | do |\n|---|---|---|---|"
    yield from (
        f"| `{row.id}` | {_cell(row.name)} | {_cell(row.meaning.value)} | {_cell(row.advice)} |"
        for row in ROWS
    )
    yield ""


def _own() -> Iterator[str]:
    yield "## Said by apply\n\n| rule | words | do |\n|---|---|---|"
    yield from (
        f"| `{each.rule}` | {_cell(each.text)} | {_cell(each.advice) or 'nothing; it is told'} |"
        for each in MESSAGES
    )
    yield "\nFindings of `lint`, each with the reason and the fix: [lint](lint/README.md)."
    yield "What a limit refuses: [commands](cli/README.md)."


def _plain(text_: str) -> str:
    return text_.replace("{{", "{").replace("}}", "}").replace("<", "&lt;")


def _cell(text_: str) -> str:
    return text_.replace("|", "\\|").replace("<", "&lt;")
