"""Turn a page into text as a person sees it: headings, paragraphs, tables, links, fields and buttons."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_UNSEEN = {"script", "style", "svg", "template"}
_INLINE = {
    "a",
    "abbr",
    "b",
    "br",
    "button",
    "code",
    "em",
    "i",
    "kbd",
    "label",
    "small",
    "span",
    "strong",
    "time",
}
_HEADINGS = {"h1": "# ", "h2": "## ", "h3": "### ", "h4": "#### ", "li": "- ", "summary": "> "}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._unseen = 0
        self._targets: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag in {"td", "th"}:
            self.pieces.append(" | ")
        elif tag == "a":
            self._targets.append(values.get("href", ""))
            self.pieces.append("[")
        elif tag == "button":
            self.pieces.append(" <")
        elif tag == "form":
            self.pieces.append(f"\n(form {values.get('method', 'get')} {values.get('action', '')})\n")
        elif tag == "option":
            self.pieces.append(f"\n{'(x)' if 'selected' in values else '( )'} ")
        elif tag in {"input", "select", "textarea", "img", "iframe"} and values.get("type") != "hidden":
            shown = " ".join(f"{name}={values[name]}" for name in _SHOWN if name in values)
            self.pieces.append(f" {{{tag} {shown}}} ")
        elif tag not in _INLINE:
            self.pieces.append(f"\n{_HEADINGS.get(tag, '')}")
        if label := values.get("aria-label") or values.get("title"):
            self.pieces.append(f"({label}) ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen -= 1
        elif tag == "a" and self._targets:
            self.pieces.append(f"]({self._targets.pop()})")
        elif tag == "button":
            self.pieces.append("> ")
        elif tag not in _INLINE and tag not in {"td", "th"}:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))


_SHOWN = ("type", "name", "value", "placeholder", "alt", "src", "checked", "required", "disabled")


def text_of(page: str) -> str:
    """Return the text of a page, a line for each block."""
    reader = _Reader()
    reader.feed(page)
    lines = (re.sub(r" +", " ", line).strip() for line in "".join(reader.pieces).split("\n"))
    return "".join(f"{line}\n" for line in lines if line)
