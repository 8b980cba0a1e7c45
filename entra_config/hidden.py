"""A secret in; a value out that nothing shows, copies, compares or keeps, and no core file holds."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

_PR_GET_DUMPABLE, _PR_SET_DUMPABLE = 3, 4
_open = 0


class Hidden:
    """One secret. Who needs it says `reveal`, so that every place that sees it is found by that word."""

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # a key of a dict is compared

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._value

    @property
    def hint(self) -> str:
        """Return its first three characters, which Graph shows of each secret to whoever may read the
        application.
        """
        return self._value[:3]

    def __repr__(self) -> str:
        return "<hidden>"

    def __str__(self) -> NoReturn:
        raise TypeError("a secret is not a text: say reveal() where it must be one")

    def __format__(self, _: str) -> NoReturn:
        raise TypeError("a secret stands in no text")

    def __eq__(self, _: object) -> NoReturn:
        raise TypeError("secrets are not compared")

    def __reduce_ex__(self, _: Any) -> NoReturn:
        raise TypeError("a secret is not copied or stored")


@contextmanager
def no_cores() -> Iterator[None]:
    """Let this process leave no core file while the block runs, and nobody but root look into its memory."""
    global _open  # noqa: PLW0603  # it is the process that dumps, so it is counted for the process
    if _open == 0:
        before = _off()
    _open += 1
    try:
        yield
    finally:
        _open -= 1
        if _open == 0:
            _restore(before)


def _off() -> tuple[tuple[int, int] | None, int | None]:
    try:
        import resource
    except ImportError:
        # Windows writes no core files of its own accord.
        return None, None
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, limits[1]))
    # A core that is piped to a program heeds no limit; what cannot be dumped is not piped either.
    dumpable = _prctl(_PR_GET_DUMPABLE)
    if dumpable is not None:
        _prctl(_PR_SET_DUMPABLE, 0)
    return limits, dumpable


def _restore(before: tuple[tuple[int, int] | None, int | None]) -> None:
    limits, dumpable = before
    if limits is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, limits)
    if dumpable == 1:
        _prctl(_PR_SET_DUMPABLE, 1)


def _prctl(option: int, value: int = 0) -> int | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        return int(ctypes.CDLL(None).prctl(option, value, 0, 0, 0))
    except (OSError, AttributeError):
        return None
