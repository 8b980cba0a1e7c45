"""Other people's text in, text that is safe in one output format out: one function per format."""

from __future__ import annotations

import html as _html
import re

from entra_config import characters, quoting

# Spreadsheets evaluate a cell that starts so, leading blanks or not; full-width forms are folded to ASCII
# first.
_FORMULA = re.compile(r"\A\s*[=+\-@|%＝＋－＠｜％]")


def text(value: str) -> str:
    """Return `value` as one line for a terminal or a CI log: what is invisible or a command becomes a
    visible escape.
    """
    return characters.printed(value)


def markdown(value: str) -> str:
    """Return `value` as a code span."""
    return quoting.code_span(text(value))


def markdown_cell(value: str) -> str:
    """Return `value` as a code span in a cell of a table."""
    return quoting.code_cell(text(value))


def markdown_block(value: str, language: str = "") -> str:
    """Return lines as a fenced block."""
    return quoting.fenced_block(value, language)


def html(value: str) -> str:
    """Return `value` for the text or a quoted attribute of an HTML document."""
    return _html.escape(text(value), quote=True)


def csv(value: str) -> str:
    """Return `value` for a CSV cell (the writer quotes it): no spreadsheet takes it for a formula."""
    line = text(value)
    return f"'{line}" if _FORMULA.match(line) else line


def workflow_data(value: str) -> str:
    """Return `value` for the message of a GitHub workflow command."""
    return text(value).replace("%", "%25")


def workflow_property(value: str) -> str:
    """Return `value` for a property of a GitHub workflow command, such as `file`."""
    return workflow_data(value).replace(":", "%3A").replace(",", "%2C")


def workflow_command(name: str, message: str, **properties: str | int) -> str:
    """Return one GitHub workflow command, such as `::warning file=a.yaml,line=3::text`."""
    pairs = ",".join(f"{key}={workflow_property(str(value))}" for key, value in properties.items())
    return f"::{name}{' ' if pairs else ''}{pairs}::{workflow_data(message)}"
