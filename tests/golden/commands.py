"""Run commands in this process as a user types them, and keep what they print, write and end with."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, get_args
from unittest import mock

from entra_config.cli import main, wiring
from entra_config.cli.options import Session
from entra_config.graph.token import FixedToken, Identity
from entra_emulator.callers import Caller
from entra_emulator.cli import main as emulator
from entra_emulator.embedded import Embedded
from tests.world import NOW

# Help is wrapped to the width of the terminal.
ENVIRONMENT = {"COLUMNS": "100", "NO_COLOR": "1"}
PASSED_ON = ("PATH", "HOME", "TMPDIR", "TZ")
# Drawn for each creation and for each look before a grant; how long Graph takes; the commit of the program.
_DRAWN = re.compile(r"(entra-config:(?:created|looked)=)[0-9a-f-]+|(Graph responds in )\d+ ms|(\(commit )\w+")


def sign_in(embedded: Embedded, caller: Caller | None = None) -> Session:
    """Return a session of a caller (the deployer application without one) in a tenant of this process."""
    who = caller or embedded.app_caller()
    identity = Identity(who.tid, who.oid, who.appid, "deployer")
    return Session(embedded.transport(), FixedToken(embedded.token(who), identity))


def formats(*words: str) -> Sequence[str]:
    """Return the choices of a command's option `--format`; the empty text stands for a command without it."""
    command: Any = main.load(words[0])
    for word in words[1:]:
        command = command.commands.get(word, command) if hasattr(command, "commands") else command
    found = [each for each in command.params if "--format" in each.opts]
    return get_args(found[0].type_descriptor.annotation) if found else [""]


class Place:
    """A folder in which commands are typed."""

    def __init__(self, folder: Path, session: Session | None = None, now: datetime = NOW) -> None:
        self.folder, self.session, self._now = folder.resolve(), session, now

    def run(self, *words: str) -> str:
        """Return what one command prints, says on stderr and ends with, and each file that it writes."""
        return self._run("entra-config", words, lambda: main.main(words, self.session))

    def run_emulator(self, *words: str) -> str:
        """Return the same of a command of `entra-emulator`."""
        return self._run(emulator.PROGRAM, words, lambda: emulator.main(words))

    def _run(self, program: str, words: Sequence[str], call: Callable[[], int]) -> str:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        before = dict(_files(self.folder))
        with (
            contextlib.chdir(self.folder),
            mock.patch.dict(os.environ, _environment(), clear=True),
            mock.patch.object(wiring, "now", return_value=self._now),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            warnings.catch_warnings(action="ignore"),
        ):
            code = call()
        written = {name: text for name, text in sorted(_files(self.folder)) if before.get(name) != text}
        shown = {"stdout": _text(out), "stderr": _text(err)} | written
        parts = (f"=== {name}\n{text}\n" for name, text in shown.items() if text)
        return self.masked("".join((f"$ {program} {shlex.join(words)}\nexit code {code}\n", *parts)))

    def masked(self, text: str) -> str:
        """Return a text without this folder's path and what is drawn at random."""
        return _DRAWN.sub(r"\1\2\3…", text.replace(f"{self.folder}/", "").replace(str(self.folder), "."))

    def every_format(self, name: str, *words: str) -> Iterator[tuple[str, str]]:
        """Yield a command's output in each of its formats, by file name."""
        for each in formats(*words):
            yield f"{name}.{each or 'txt'}", self.run(*words, *(["--format", each] if each else []))


def _environment() -> Mapping[str, str]:
    return ENVIRONMENT | {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode() if isinstance(stream.buffer, io.BytesIO) else ""


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.rglob("*"):
        if path.is_file() and ".git" not in path.parts:
            yield path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8", errors="replace")
