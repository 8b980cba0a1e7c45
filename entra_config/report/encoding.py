"""Write to a terminal or file whose encoding lacks characters: cp1252, latin-1, ASCII."""

from __future__ import annotations

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

NAME = "entra-config"
STANDARD_OUTPUT, STANDARD_ERROR = "standard output", "standard error"
# What this program's own texts consist of beside ASCII. Names in a tenant may have any other character.
_PLAIN = {
    "▲": "^",
    "◆": "*",
    "○": "o",
    "→": "->",
    "←": "<-",
    "↔": "<->",
    "…": "...",
    "·": "-",
    "–": "-",
    "—": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "✓": "ok",
    "✗": "x",
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "│": "|",
    "─": "-",
    "\u00a0": " ",
}


def replace_characters(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what is written for characters that an encoding lacks: their plain form, else their escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(char) or ascii(char)[1:-1] for char in text), error.end


def is_utf8(stream: TextIO) -> bool:
    """Return True if a stream takes every character."""
    try:
        return codecs.lookup(stream.encoding or "utf-8").name.startswith("utf")
    except LookupError:
        return False


def accept_every_character() -> None:
    """Let no character end a command, whatever stdout and stderr are encoded as."""
    codecs.register_error(NAME, replace_characters)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and not is_utf8(stream):
            stream.reconfigure(errors=NAME)


@contextmanager
def naming(stream: TextIO) -> Iterator[None]:
    """Name a stream in an error of the system's: that of a full disk names no file."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        name = STANDARD_ERROR if stream is sys.stderr else STANDARD_OUTPUT
        raise OSError(error.errno, error.strerror, name) from error


def write_document(stream: TextIO, text: str) -> None:
    """Write a document that programs read: UTF-8 wherever no person reads it on a terminal."""
    buffer = getattr(stream, "buffer", None)
    with naming(stream):
        if buffer is None or is_utf8(stream) or stream.isatty():
            stream.write(text)
        else:
            stream.flush()
            buffer.write(text.encode())
        stream.flush()
