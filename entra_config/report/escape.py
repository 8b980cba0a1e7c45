"""Other people's text in, text that is safe in one output format out: one function per format."""

from __future__ import annotations

import html as _html
import re
import unicodedata

# Cc, Cf, Cs, Co, Cn, Zl, Zp: control characters, bidi and zero-width marks, lone surrogates, what no font shows, line breaks.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and symbols by their category, blanks by their look: a name that differs by one of them only reads the same.
_BLANK = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")

# The runner of GitHub Actions takes `::name …` at the start of a line and `##[name …]` anywhere in it as a command.
_WORKFLOW_START = re.compile(r"\A(\s*):(?=:)")
_WORKFLOW_OLD = re.compile(r"##\[")

# Spreadsheets evaluate a cell that starts so, leading blanks or not; full-width forms are folded to ASCII first.
_FORMULA = re.compile(r"\A\s*[=+\-@|%＝＋－＠｜％]")


def text(value: str) -> str:
    """Return `value` as one line for a terminal or a CI log: what is invisible or a command becomes a visible escape."""
    line = "".join(_visible(char) for char in value)
    line = _WORKFLOW_START.sub(r"\1\\x3a", line)
    return _WORKFLOW_OLD.sub(r"##\\x5b", line)


def markdown(value: str) -> str:
    """Return `value` as a code span: no markup, HTML, mention, issue reference or link begins in one."""
    line = text(value)
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    # CommonMark takes one blank off each end where both have one, unless the span is all blank.
    pad = " " if line[:1] in {"`", " ", ""} or line[-1:] in {"`", " "} else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line.strip() else "`(blank)`"


def markdown_block(value: str, language: str = "") -> str:
    """Return lines as a fenced block that none of them can close."""
    longest = max((len(run) for run in re.findall("`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{value.rstrip(chr(10))}\n{fence}"


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


def _visible(char: str) -> str:
    if " " <= char <= "~":
        return char
    if unicodedata.category(char) not in _UNSEEN and char not in _BLANK:
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
