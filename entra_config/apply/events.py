"""What apply tells while it runs, and what it gives at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from entra_config.errors import GraphError
from entra_config.graph.request import Usage
from entra_config.plan.steps import Step
from entra_config.resource import Ref


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step's request is about to be sent for the first time."""

    step: Step


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step is done; `note` tells when it was not by its own request alone (it was so already, it was found
    again).

    `produced` is what its answer made known; `rule` is the note's in the catalogue of messages.
    """

    step: Step
    note: str = ""
    produced: Mapping[Ref, str] = field(default_factory=dict)
    rule: str = ""


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step was refused for good, or for too long."""

    step: Step
    error: GraphError


@dataclass(frozen=True, slots=True)
class StepSkipped:
    """A step was not tried; `rule` is the reason's in the catalogue of messages."""

    step: Step
    because: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something is waited for; `rule` is the reason's in the catalogue of messages."""

    reason: str
    seconds: float
    rule: str = ""


Event = StepStarted | StepDone | StepFailed | StepSkipped | Waiting
Observer = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each step.

    `not_attempted` gives the reason next to each step; `unconfirmed` are steps that were done and that lists
    do not show yet; `differs` gives the value found instead of the one that a step wrote; `stopped` tells
    that it was asked to end early.
    """

    done: tuple[Step, ...] = ()
    failed: tuple[tuple[Step, GraphError], ...] = ()
    not_attempted: tuple[tuple[Step, str], ...] = ()
    usage: Usage = field(default_factory=Usage)
    known: Mapping[Ref, str] = field(default_factory=dict)
    unconfirmed: tuple[Step, ...] = ()
    differs: tuple[tuple[Step, str], ...] = ()
    stopped: bool = False

    @property
    def complete(self) -> bool:
        """Tell whether every step was done, and the tenant is as they left it."""
        return not (self.failed or self.not_attempted or self.differs)
