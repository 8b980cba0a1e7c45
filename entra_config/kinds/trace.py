"""What people and the audit log call the resources of a kind: its noun, the ids at its ends, the words of its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from entra_config.resource import Address, Resource, Value

Ids = Mapping[str, str]
# A resource, the ids of its application and those of its client in; the ids by which the log tells it out.
Ends = Callable[[Resource, Ids, Ids], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Link:
    """It has records of its own, which name both ends.

    `words` stand in the activity. `ends` has, for each end, the facts of the record that name it, the first that is there counts;
    a number is a target. `made` is the fact that has the link's own time.
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
    """It has no record of its own: it stands in a property of its application, by the log's name.

    `fields` has the log's names of its fields. `element` is the end that names it there (by default the last part of its key),
    `id` the end by which one that came is known. Of one with a `list`, what it has is a list of ids.
    """

    property: str
    fields: Mapping[str, str] = field(default_factory=dict)
    element: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is told of one kind.

    `paths` are the properties of Graph in which one that nobody declared is watched; `both` tells that the log names it by two
    ends and not by an object; `gives` is what somebody gets by one that comes, a name of `effects.SORTS`;
    `permission` is what Graph asks of whoever makes one, beside that to write what it owns; `each` is the value whose entries are
    findings of their own; `joint` stands between its two sides when it came, and when it went; `place` is the
    part of a key that names the application.
    """

    noun: str
    told: Link | ConsentTrace | Whole | Part
    ends: Ends = lambda resource, _, __: {  # the common one
        "object": resource.ids.get("id"),
        "principalObject": resource.ids.get("servicePrincipalId"),
    }
    element: Callable[[Resource], Value] = lambda _: None  # most have none
    paths: tuple[str, ...] = ()
    both: bool = False
    gives: str = ""
    permission: str = ""
    each: str = ""
    joint: tuple[str, str] | None = None
    place: int = 0

    def application(self, address: Address) -> str:
        """Return the key of the application that an address is about."""
        return address.key.split("/")[self.place]
