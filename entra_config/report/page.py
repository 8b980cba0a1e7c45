"""The body of a report in, a self-contained HTML document out: it asks for nothing and runs nothing, in both
colour schemes, from 320 px to print.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from importlib import resources

from entra_config.report.escape import html as safe
from entra_config.risk import LEVELS, Risk

# Triangle with a mark, diamond, ring: a risk has a shape and a word, never a colour alone.
_SHAPES: dict[Risk, str] = {
    "high": '<path d="M7 1 13.5 13H.5Z"/><path class="cut" d="M6.3 5h1.4v4H6.3zm0 5h1.4v1.4H6.3z"/>',
    "medium": '<path d="M7 1 13 7 7 13 1 7Z"/>',
    "low": '<circle class="ring" cx="7" cy="7" r="4.5"/>',
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


def mark(risk: Risk, more: str = "") -> str:
    """Return the sign of a level with its word, and more words behind it."""
    said = f"{LEVELS[risk].word}{f' {more}' if more else ''}"
    return (
        f'<span class="mark {risk}"><svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">'
        f"{_SHAPES[risk]}</svg> {safe(said)}</span>"
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
