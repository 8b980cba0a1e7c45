"""The body of a report in, a self-contained HTML document out: it asks for nothing and runs nothing, in both
colour schemes, from 320 px to print.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from typing import Literal

from entra_config import quoting
from entra_config.report.escape import html as safe
from entra_config.risk import LEVELS, Risk

Sign = Risk | Literal["held", "refused"]
# Triangle with a mark, diamond, ring; two bars, a crossed ring: what somebody has to see has a shape and a
# word, never a colour alone.
_SHAPES: dict[Sign, str] = {
    "high": '<path d="M7 1 13.5 13H.5Z"/><path class="cut" d="M6.3 5h1.4v4H6.3zm0 5h1.4v1.4H6.3z"/>',
    "medium": '<path d="M7 1 13 7 7 13 1 7Z"/>',
    "low": '<circle class="ring" cx="7" cy="7" r="4.5"/>',
    "held": '<path d="M3 2h3v10H3zm5 0h3v10H8z"/>',
    "refused": '<circle class="ring" cx="7" cy="7" r="5.5"/><path class="ring" d="m3.2 3.2 7.6 7.6"/>',
}


def document(title: str, body: Iterable[str], *, more_style: str = "") -> str:
    """Return the whole document; `title` is escaped here, the body's parts are markup already.

    The policy names the one style by its hash: no name brings in another style, a script or an address.
    """
    shared = resources.files("entra_config.report").joinpath("page.css").read_text(encoding="utf-8")
    style = shared + more_style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            f"<title>{safe(title)}</title><style>{style}</style></head>",
            "<body><main>",
            *body,
            "</main></body></html>",
            "",
        ]
    )


def mark(risk: Risk, said: str = "") -> str:
    """Return the sign of a level with its word; with other words where a column's head has that one."""
    return signed(risk, said or LEVELS[risk].word)


def signed(sign: Sign, said: str) -> str:
    """Return a sign with its words."""
    return (
        f'<span class="mark {sign}"><svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        f"{_SHAPES[sign]}</svg> {safe(said)}</span>"
    )


def facts(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return what a report is about, as names and values; the values are markup already."""
    return [
        '<dl class="facts">',
        *(f"<div><dt>{safe(name)}</dt><dd>{value}</dd></div>" for name, value in rows),
        "</dl>",
    ]


def listed(heading: str, items: Iterable[str], anchor: str = "") -> list[str]:
    """Return a section that lists texts; nothing where there is none."""
    found = [f"<li>{safe(item)}</li>" for item in items]
    where = f' id="{anchor}"' if anchor else ""
    return [f"<h2{where}>{safe(heading)}</h2><ul>", *found, "</ul>"] if found else []


def table(name: str, columns: Iterable[str], caption: str = "") -> Iterator[str]:
    """Yield the beginning of a table. Its roles are said, as rows that a style makes blocks lose them."""
    heads = "".join(f'<th scope="col" role="columnheader">{safe(each)}</th>' for each in columns)
    yield f'<table class="{name}" role="table">'
    yield f"<caption>{safe(caption)}</caption>" if caption else ""
    yield f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead><tbody role="rowgroup">'


def command(*words: str) -> str:
    """Return a command of this tool, to be copied."""
    return f'<pre class="command">{safe(quoting.command("entra-config", *words))}</pre>'


def row(head: str, cells: Iterable[str], labels: Sequence[str] = (), classes: str = "") -> str:
    """Return a row of markup; `labels` are what narrow pages show before each cell but the first."""
    marked = f' class="{classes}"' if classes else ""
    names = iter(labels)
    shown = "".join(f'<td role="cell"{_label(next(names, ""))}>{each}</td>' for each in cells)
    return f'<tr role="row"{marked}><th scope="row" role="rowheader">{head}</th>{shown}</tr>'


def _label(name: str) -> str:
    return f' data-label="{safe(name)}"' if name else ""
