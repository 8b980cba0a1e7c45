"""The name of the command line that messages tell a user to run."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_NAME = ContextVar("program", default="entra-emulator")


def program_name() -> str:
    """Return the command line that messages name, such as `entra-emulator`."""
    return _NAME.get()


@contextmanager
def use_program_name(name: str) -> Iterator[None]:
    """Let messages name another command line: that of a program which contains these commands."""
    token = _NAME.set(name)
    try:
        yield
    finally:
        _NAME.reset(token)
