"""Values of scopes and app roles in, the names of constants out; two values of one name are an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from entra_config.errors import UsageError

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def screaming(value: str) -> str:
    """Return a name such as USER_READ."""
    return _safe("_".join(word.upper() for word in _words(value)))


def pascal(value: str) -> str:
    """Return a name such as UserRead."""
    return _safe("".join(word[0].upper() + word[1:].lower() for word in _words(value)))


def constants(values: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return name and value of each constant, in the order of names."""
    found: dict[str, str] = {}
    for value in sorted(set(values)):
        constant = name(value)
        if constant in found:
            raise UsageError(
                f"`{found[constant]}` and `{value}` would both be the constant {constant}: change one of them"
            )
        found[constant] = value
    return sorted(found.items())


def _words(value: str) -> list[str]:
    words = _WORD.findall(value)
    if not words:
        raise UsageError(f"`{value}` holds no letter or digit, so no constant can be named after it")
    return words


def _safe(name: str) -> str:
    return f"VALUE_{name}" if name[0].isdigit() else name
