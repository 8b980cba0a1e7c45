"""What people and the audit log call the resources of a kind: its noun, the ids at its ends, the words of
its records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from entra_config.resource import Address, Facts, Resource, Value

# A resource, and what is known of all that the tenant has, in; the ids by which the log tells it out.
Ends = Callable[[Resource, Mapping[Address, Facts]], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Link:
    """It has records of its own, which name both ends.

    `words` stand in the activity. `ends` has, for each end, the facts of the record that name it, the first
    that is there counts; a number is a target. `made` is the fact that has the link's own time.
    """

    words: tuple[str, ...]
    ends: Mapping[str, tuple[str | int, ...]]
    made: str = ""


@dataclass(frozen=True, slots=True)
class ConsentTrace:
    """Its records name both ends, and the scopes before and after."""


@dataclass(frozen=True, slots=True)
class Whole:
    """It is an object: the records are about itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """It has no record of its own: it stands in a property of its application, by its Graph path.

    `fields` has the log's names of its fields. `element` is the end that names it there, or `name` tells it;
    `id` is the end by which one that came is known.
    """

    path: str
    fields: Mapping[str, str] = field(default_factory=dict)
    element: str = ""
    name: Callable[[Resource], str] = lambda _: ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is told of one kind.

    `paths` are the properties of Graph in which one that is not declared is watched; `both` tells that the
    log names it by two ends and not by an object; `gives` is what somebody gets by one that comes, a name of
    `risk.CLASSES`; `permission` is what Graph asks of whoever makes one, beside that to write what it owns;
    `each` is the value whose entries are findings of their own; `joint` stands between its two sides when it
    came, and when it went.
    """

    noun: str
    reported: Link | ConsentTrace | Whole | Part
    ends: Ends = lambda resource, _: {"object": resource.facts.id}  # the common one
    element: Callable[[Resource], Value] = lambda _: None  # most have none
    paths: tuple[str, ...] = ()
    both: bool = False
    gives: str = ""
    permission: str = ""
    each: str = ""
    joint: tuple[str, str] | None = None
