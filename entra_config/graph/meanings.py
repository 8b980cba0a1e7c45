"""What a refusal of Microsoft Graph means to a client, and what a row of the catalogue knows one by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Meaning(Enum):
    """What a refusal tells a client to do."""

    THROTTLED = "too much at once: not done; the same again after the time that Graph names"
    SERVER = "Graph is in trouble: perhaps done; look first, then again"
    BUSY = "another write was under way: not done; the same again soon"
    TOKEN = "the token is no good any more: not done; the same again with a new one"  # noqa: S105  # no password
    REPLICATING = (
        "it names a role or scope that this replica does not know yet: not done; the same again later"
    )
    ARRIVING = (
        "it names an object that this replica does not know yet, or that is gone: not done; the same "
        "again later, if it is new"
    )
    ENABLED = "an enabled role or scope is changed or removed: disable it first"
    EXISTS = "it is there already"
    TAKEN = "something of its name is there already, and need not be ours"
    GONE = "it is not there any more"
    FINAL = "refused for good"


@dataclass(frozen=True, slots=True)
class ResponseRule:
    """One row: all that is given must fit.

    `code` may stand at the top or in the details; `text` is a piece of the message, `path` of what the
    request is to.
    """

    name: str
    meaning: Meaning
    status: frozenset[int]
    advice: str
    source: str
    code: str = ""
    text: str = ""
    method: str = ""
    path: str = ""

    @property
    def id(self) -> str:
        """Return what programs know the row by."""
        return f"graph-{re.sub('[^a-z]+', '-', self.name.casefold()).strip('-')}"


def rule(
    name: str, meaning: Meaning, status: int | tuple[int, ...], advice: str, source: str, *,
    code: str = "", text: str = "", method: str = "", path: str = "",
) -> ResponseRule:  # fmt: skip
    """Make one row; the piece of a message fits in any case."""
    statuses = frozenset((status,) if isinstance(status, int) else status)
    return ResponseRule(name, meaning, statuses, advice, source, code, text.casefold(), method, path)
