"""Other people's text in, text that is safe in one output format out: one function per format."""

from __future__ import annotations

import html as _html
import re
from collections.abc import Iterator

from entra_config import characters, quoting

# The runner of GitHub Actions takes `::name …` at the start of a line and `##[name …]` anywhere in it as a command.
_WORKFLOW_START = re.compile(r"\A(\s*):(?=:)")
_WORKFLOW_OLD = re.compile(r"##\[")

# Spreadsheets evaluate a cell that starts so, leading blanks or not; full-width forms are folded to ASCII first.
_FORMULA = re.compile(r"\A\s*[=+\-@|%＝＋－＠｜％]")


def text(value: str) -> str:
    r"""Return `value` as one line for a terminal or a CI log: what is invisible or a command becomes a visible escape.

    What cannot be seen is `\u{200b}`, and a backslash is doubled, so that two values that differ never print alike.
    """
    line = "".join(_visible(value))
    line = _WORKFLOW_START.sub(r"\1\\u{3a}", line)
    return _WORKFLOW_OLD.sub(r"##\\u{5b}", line)


def markdown(value: str) -> str:
    """Return `value` as a code span."""
    return quoting.code_span(text(value))


def markdown_block(value: str, language: str = "") -> str:
    """Return lines as a fenced block."""
    return quoting.fence(value, language)


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


def _visible(value: str) -> Iterator[str]:
    """Yield each character, escaped where nobody would see it as what it is; a mark needs a character to be drawn onto."""
    based = False
    for char in value:
        mark = characters.mark(char)
        if characters.invisible(char) or (mark and not based):
            yield f"\\u{{{ord(char):x}}}"
            based = False
        else:
            yield "\\\\" if char == "\\" else char
            based = based if mark else char != " "
