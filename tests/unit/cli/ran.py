"""What a command leaves behind, for the tests of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from entra_config.cli.main import main
from entra_config.cli.options import Session

ROOT = Path(__file__).parents[3]
VARIABLES = (
    "ENVIRONMENT",
    "MANIFEST",
    "CLOUD",
    "CREDENTIAL",
    "NO_COLOR",
    "FORCE_COLOR",
    "VERBOSE",
    "QUIET",
    "ALLOW",
    "JOURNAL",
)


@dataclass(frozen=True)
class Ran:
    """What a command left behind: its exit code, its data, its talk."""

    code: int
    out: str
    err: str


class Run:
    """Runs commands against the tenant that a session is of."""

    def __init__(self, session: Session, capsys: pytest.CaptureFixture[str]) -> None:
        self._session, self._capsys = session, capsys

    def __call__(self, *arguments: str) -> Ran:
        """Run one command as its user calls it."""
        self._capsys.readouterr()
        code = main(arguments, self._session)
        captured = self._capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    @contextmanager
    def signed_in(self, session: Session) -> Iterator[None]:
        """Run the commands in the block in another session."""
        before, self._session = self._session, session
        try:
            yield
        finally:
            self._session = before


def without_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the options out of the environment that whoever runs the tests has there."""
    for name in VARIABLES:
        monkeypatch.delenv(f"ENTRA_CONFIG_{name}", raising=False)
