"""Bytes of a file in, text in which parser and reader see the same lines and characters out, or where they
would not.

A manifest is reviewed by eye. Lines end with LF or CRLF and nothing else; controls (but TAB) and bidi
controls stand nowhere; what is invisible stands in comments and quoted values only, where reports show it
escaped.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from entra_config import characters
from entra_config.errors import ManifestError, Position, Problem

MOST = 20  # problems of one file: who has more has another kind of file
_BREAK = "\n"
_BOM = "\ufeff"
_UNUSUAL = re.compile(r"[^ -~\t\n]")  # whatever a check of characters has to look at
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")

Span = tuple[int, int]  # first place, and the place after the last


def decoded(data: bytes, file: str) -> str:
    """Return the text of a file without its byte order mark; raise where a reader of lines would see
    something else.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ManifestError([Problem(Position(file, line), "not UTF-8")]) from error
    return checked(text, file)


def checked(text: str, file: str) -> str:
    """Return a text without its byte order mark; raise for each line break, control and bidi control that
    YAML files have not.
    """
    text = text.removeprefix(_BOM)
    _raise((_problem(text, place, file, _refused(text, place)) for place in _places(text, _never)), file)
    return text


def holds_invisible(text: str) -> bool:
    """Tell whether a text holds an invisible character, wherever it stands."""
    return any(text[place] != "\r" for place in _places(text, characters.invisible))


def check_invisible(text: str, scalars: Sequence[tuple[Span, bool]], file: str) -> None:
    """Raise for each invisible character outside of comments and quoted values.

    `scalars` are all of a text's scalars in order: where each stands, and whether it is quoted.
    """
    every = [span for span, _ in scalars]
    quoted = [span for span, is_quoted in scalars if is_quoted]
    seen = (place for place in _places(text, characters.invisible) if text[place] != "\r")
    outside = (place for place in seen if not _inside(place, quoted) and not _commented(text, place, every))
    message = "cannot be seen: such characters stand in comments and quoted values only"
    _raise((_problem(text, place, file, f"{_named(text[place])} {message}") for place in outside), file)


def _places(text: str, wanted: Callable[[str], bool]) -> Iterator[int]:
    yield from (found.start() for found in _UNUSUAL.finditer(text) if wanted(found[0]))


def _never(char: str) -> bool:
    return characters.control(char) or characters.bidi(char)


def _refused(text: str, place: int) -> str:
    char = text[place]
    if char == "\r":
        return "" if text[place + 1 : place + 2] == _BREAK else "a CR without LF: lines end with LF or CRLF"
    if char in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029":
        return f"{_named(char)} breaks a line for some readers and not for others: lines end with LF or CRLF"
    what = "reorders the text around it" if characters.bidi(char) else "is a control character"
    return f"{_named(char)} {what}: it stands nowhere in a manifest"


def _named(char: str) -> str:
    name = unicodedata.name(char, "")
    return f"U+{ord(char):04X}" + (f" ({name})" if name else "")


def _problem(text: str, place: int, file: str, message: str) -> Problem | None:
    if not message:
        return None
    start = text.rfind(_BREAK, 0, place) + 1
    return Problem(Position(file, text.count(_BREAK, 0, place) + 1, place - start + 1), message)


def _raise(found: Iterable[Problem | None], file: str) -> None:
    problems = list(islice(filter(None, found), MOST + 1))
    if problems:
        more = (
            [Problem(Position(file, 1), "more characters of the kind follow")] if len(problems) > MOST else []
        )
        raise ManifestError([*problems[:MOST], *more])


def _inside(place: int, spans: Sequence[Span]) -> bool:
    number = bisect_right(spans, place, key=lambda span: span[0]) - 1
    return number >= 0 and place < spans[number][1]


def comment(text: str, start: int, end: int, scalars: Sequence[Span]) -> int | None:
    """Return where a comment begins in a stretch of a line: at a `#` after a blank that is in no scalar."""
    places = (start + found.start() for found in _COMMENT.finditer(text[start:end]))
    return next((place for place in places if not _inside(place, scalars)), None)


def _commented(text: str, place: int, scalars: Sequence[Span]) -> bool:
    """Tell whether a comment began before a place of its line."""
    start = text.rfind(_BREAK, 0, place) + 1
    return comment(text, start, place, scalars) is not None
