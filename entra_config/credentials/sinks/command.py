"""A program of the reader's own: the secret on its standard input, and another that prints what is kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass

from entra_config.credentials.sinks.base import EMPTY, PLACEHOLDER, Content
from entra_config.errors import SinkError
from entra_config.hidden import Hidden

PATIENCE = 60.0
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


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

    async def keep(self, value: Hidden, key_id: str) -> None:  # noqa: ARG002  # the protocol's
        """Give the writing program the secret."""
        await self._run(self.write, value)

    async def _printed(self) -> str:
        return (await self._run(self.read, None)).decode("utf-8", errors="replace").rstrip("\r\n")

    async def _run(self, words: tuple[str, ...], value: Hidden | None) -> bytes:
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
