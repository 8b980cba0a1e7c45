"""A program of the reader's own: the secret on its standard input, and another that prints what is kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from entra_config.errors import SinkError
from entra_config.hidden import Hidden
from entra_config.manifest.fields.field import Record, row
from entra_config.manifest.sinks import EMPTY, PLACEHOLDER, Content, Session, Sink

PATIENCE = 60.0
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True)
class CommandSink(Sink):
    """A pair of programs: one writes the secret, the other prints it."""

    kind: str = field(default="command", init=False)
    record = Record(
        "a sink of kind command",
        "A program of your own.",
        (
            row(
                "write",
                "arguments",
                "Gets the secret on its standard input.",
                ["/usr/local/bin/keep", "web"],
                required=True,
            ),
            row(
                "read",
                "arguments",
                "Prints what is kept, nothing where there is nothing.",
                ["/usr/local/bin/show", "web"],
                required=True,
            ),
        ),
    )

    @property
    def reference(self) -> str:
        """Return the program that writes."""
        return self.words("write")[0]

    @property
    def reported(self) -> str:
        """Return the program that writes, with its arguments."""
        return f"command {self.text('write')}"

    @property
    def place(self) -> tuple[str, ...]:
        """Return the program that writes, with its arguments."""
        return self.kind, *self.words("write")

    def open_keeper(self, session: Session) -> CommandKeeper:
        """Return a keeper that runs the two programs."""
        return CommandKeeper(self.words("write"), self.words("read"))


@dataclass(frozen=True, slots=True)
class CommandKeeper:
    """Runs argument lists without a shell, with nothing of this process's environment but PATH."""

    write: tuple[str, ...]
    read: tuple[str, ...]
    patience: float = PATIENCE

    async def prove(self) -> None:
        """Write again what is kept already, or a word that says that nothing is, and read it back."""
        before = Hidden(await self._printed() or PLACEHOLDER)
        await self._run(self.write, before)
        if await self._printed() != before.reveal():
            raise SinkError(
                f"{self.read[0]} does not print what {self.write[0]} got: the sink's copy is what "
                "must sign in"
            )

    async def content(self) -> Content:
        """Return what the reading program prints."""
        text = await self._printed()
        return EMPTY if text in {"", PLACEHOLDER} else Content.of(text)

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Give the writing program the secret."""
        await self._run(self.write, value)

    async def _printed(self) -> str:
        return (await self._run(self.read, None)).decode("utf-8", errors="replace").rstrip("\r\n")

    async def _run(self, words: tuple[str, ...], value: Hidden | None) -> bytes:
        import asyncio  # here: a command that keeps no secret reads this module, too

        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                *words,
                stdin=nothing if value is None else pipe,
                # What a program says while it keeps a secret may be the secret.
                stdout=pipe if value is None else nothing,
                stderr=nothing,
                env=_environment(os.environ),
                cwd="/" if os.name == "posix" else None,
                start_new_session=True,
            )
        except OSError as error:
            raise SinkError(f"{words[0]} cannot be run: {error.strerror}") from None
        try:
            async with asyncio.timeout(self.patience):
                printed, _ = await process.communicate(None if value is None else value.reveal().encode())
        except TimeoutError:
            process.kill()
            await process.wait()
            raise SinkError(f"{words[0]} did not end within {self.patience:.0f} s") from None
        if process.returncode:
            raise SinkError(f"{words[0]} ended with {process.returncode}")
        return printed or b""


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": own.get("PATH", _PATH)}
