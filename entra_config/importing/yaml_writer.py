"""Write YAML in one style: two blanks, lists below their key, a short list of words or a short map deep in an
entry in one line, and every text of the tenant in double quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from entra_config.characters import invisible

_WIDEST = 80
_DEEP = 6  # below the keys of an entry: whoever edits these finds each in a line of its own
_BARE = re.compile(r"[A-Za-z][\w.-]*(?: [\w.-]+)*", re.ASCII)
# Readers of YAML 1.1 take these for truth or nothing.
_AMBIGUOUS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Word(str):
    """A value that is a word of the manifest and no text of the tenant: it needs no quotes."""

    __slots__ = ()


class Label(str):
    """A key that is a text of the tenant."""

    __slots__ = ()


class Placeholder(str):
    """A text whose `${…}` is meant; in all other text from a tenant it is escaped."""

    __slots__ = ()


def dump(document: Mapping[str, Any]) -> str:
    """Return a document as YAML."""
    return "".join(f"{line}\n" for line in _lines(document, ""))


def escape_placeholders(text: str) -> str:
    """Return a text in which no placeholder begins."""
    return text.replace("${", "$${")


def _lines(value: Mapping[str, Any] | list[Any], indent: str) -> Iterator[str]:
    """Yield the lines of a map or list that is not empty."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _after(f"{indent}{_format_key(key)}:", item, f"{indent}  ")
    else:
        for item in value:
            yield from _after(f"{indent}-", item, f"{indent}  ")


def _after(head: str, value: Any, indent: str) -> Iterator[str]:
    """Yield the lines of a value behind its key or dash."""
    deep = len(head) - len(head.lstrip()) >= _DEEP
    short = _format_in_line(value, _WIDEST - len(head) - 1, maps=deep)
    if short is not None:
        yield f"{head} {short}"
        return
    lines = _lines(value, indent)
    yield f"{head} {next(lines).lstrip()}" if head.endswith("-") else head
    yield from lines


def _format_in_line(value: Any, width: int, *, maps: bool) -> str | None:
    """Return a value that is written in one line; None if it needs more."""
    if isinstance(value, Mapping):
        return _format_map(value, width) if maps or not value else None
    if not isinstance(value, list | tuple):
        return _format_scalar(value)
    if any(isinstance(item, Mapping | list | tuple) for item in value):
        return None
    short = f"[{', '.join(map(_format_scalar, value))}]"
    # Each of several addresses has a line of its own.
    return short if len(short) <= width and ("/" not in short or len(value) == 1) else None


def _format_map(value: Mapping[str, Any], width: int) -> str | None:
    items = []
    for key, item in value.items():
        short = _format_in_line(item, width, maps=True)
        if short is None:
            return None
        items.append(f"{_format_key(key)}: {short}")
    written = f"{{ {', '.join(items)} }}" if items else "{}"
    return written if len(written) <= width else None


def _format_scalar(value: Any) -> str:
    if isinstance(value, Placeholder):
        return _quote(value)
    if isinstance(value, Word) and _is_bare(value):
        return value
    return _quote(escape_placeholders(value)) if isinstance(value, str) else json.dumps(value)


def _format_key(key: str) -> str:
    return key if _is_bare(key) and not isinstance(key, Label) else _quote(key)


def _is_bare(text: str) -> bool:
    return bool(_BARE.fullmatch(text)) and text.lower() not in _AMBIGUOUS


def _quote(text: str) -> str:
    return f'"{"".join(map(_escape, text))}"'


def _escape(char: str) -> str:
    if char in _SHORT or not invisible(char):
        return _SHORT.get(char, char)
    return f"\\u{ord(char):04X}" if char <= "\uffff" else f"\\U{ord(char):08X}"
