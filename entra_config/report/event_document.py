"""The published document of progress: one object a line, `apply --events json` and `destroy --events
json`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, RootModel

from entra_config.documents import DocumentPart

RULE = Field(description="The id of the message, as docs/messages.md lists it; empty where it has none.")


class PlanEvent(DocumentPart):
    """The first line of a run: whose plan is carried out, and how many steps it has. A restore makes a
    second run.
    """

    event: Literal["plan"]
    version: Literal[2]
    owner: str
    tenant_id: str
    steps: int


class StartedEvent(DocumentPart):
    """A step's request is about to be sent for the first time; `changes` are the addresses of the changes
    that it is part of.
    """

    event: Literal["started"]
    step: str
    changes: list[str]


class DoneEvent(DocumentPart):
    """A step is done; `note` tells when it was not by its own request alone, both are empty else."""

    event: Literal["done"]
    step: str
    note: str
    rule: str = RULE


class EventError(DocumentPart):
    """Why Graph refused, and what to do; status 0 when no response came."""

    message: str
    status: int
    code: str
    request_id: str
    advice: str
    rule: str = RULE


class FailedEvent(DocumentPart):
    """A step was refused for good, or for too long."""

    event: Literal["failed"]
    step: str
    error: EventError


class SkippedEvent(DocumentPart):
    """A step was not attempted."""

    event: Literal["skipped"]
    step: str
    because: str
    rule: str = RULE


class WaitingEvent(DocumentPart):
    """Something is waited for."""

    event: Literal["waiting"]
    reason: str
    seconds: float
    rule: str = RULE


class EndEvent(DocumentPart):
    """The last line of a run: what became of its steps, and what it cost."""

    event: Literal["end"]
    complete: bool
    stopped: bool
    done: int
    failed: int
    not_attempted: int
    unconfirmed: int
    differs: int
    requests: int
    calls: int
    depth: int


class EventDocument(
    RootModel[
        Annotated[
            PlanEvent | StartedEvent | DoneEvent | FailedEvent | SkippedEvent | WaitingEvent | EndEvent,
            Field(discriminator="event"),
        ]
    ]
):
    """One line of progress."""
