"""Errors and other people's text, as a terminal shows them."""

import os
import re
import sys
import unicodedata
from typing import NoReturn

import typer

# Characters that renderers leave out or draw as a blank, although their category does not say so.
_HIDDEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0xFE00, 0xFE10)}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}
# A zero byte stands for the backslash of an escape until the line is done: as a character it is invisible.
_AMBIGUOUS = re.compile(r"(\\+)(?=\0?u\{)")


def escape(text: str) -> str:
    r"""Return `text` as one line in which invisible characters are escapes, such as `\u{200b}`.

    A backslash is doubled only before `u{`, where it would read as such an escape.
    """
    line = "".join(map(_escape_character, text))
    return _AMBIGUOUS.sub(r"\1\1", line).replace("\0", "\\")


def report_error(message: str) -> None:
    """Write an error to stderr."""
    word = "\x1b[1;31merror:\x1b[0m" if _is_coloured() else "error:"
    first, *more = message.splitlines() or [""]
    typer.echo("\n".join([f"{word} {escape(first)}", *map(escape, more)]), err=True, color=True)


def fail(message: str) -> NoReturn:
    """End the command with an error."""
    report_error(message)
    raise typer.Exit(1)


def _escape_character(character: str) -> str:
    if character == " " or not (unicodedata.category(character) in _UNSEEN or ord(character) in _HIDDEN):
        return character
    return f"\0u{{{ord(character):x}}}"


def _is_coloured() -> bool:
    """Return True for a terminal, and for anything if FORCE_COLOR is set; NO_COLOR wins."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "") not in {"", "0"}:
        return True
    return os.environ.get("TERM") != "dumb" and sys.stderr.isatty()
