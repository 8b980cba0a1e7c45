"""What a place that keeps a secret is asked: whether it can be written, what it keeps, to keep another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from entra_config.credentials.life import InSink
from entra_config.hidden import Hidden

# Written where nothing is kept yet, to see that something can be: no key, and nobody signs in with it.
PLACEHOLDER = "entra-config: nothing is kept here yet"


@dataclass(frozen=True, slots=True)
class Content:
    """What a sink keeps; `copy` is None where it gives nothing back, or keeps nothing."""

    kept: InSink
    copy: Hidden | None = field(default=None, repr=False)

    @classmethod
    def of(cls, copy: str, key_id: str = "") -> Content:
        """Return what a sink is that gave a copy back."""
        value = Hidden(copy)
        return cls(InSink(key_id, value.hint), value)


EMPTY = Content(InSink(empty=True))


class Keeper(Protocol):
    """A sink as it is used. Every method raises SinkError, whose words never hold what is kept."""

    async def prove(self) -> None:
        """Write something that harms nobody, so that a refusal comes before there is a secret."""

    async def content(self) -> Content:
        """Return what is kept."""

    async def keep(self, value: Hidden, key_id: str) -> None:
        """Keep a secret in the place of what is there; doing it twice is doing it once."""
