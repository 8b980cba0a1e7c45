"""The error tree: every failure that a user may see, each with its exit code, in one place.

EntraConfigError
├── UsageError            the command line is wrong                                   exit 1
├── ManifestError         one or more Problems, each with file:line:column            exit 1
├── TenantError           the tenant is not the one that the manifest names           exit 1
├── SignInError           no credential, or it was refused                            exit 1
├── GraphError            Microsoft Graph refused a request for good                  exit 1
├── SinkError             a place that keeps secrets could not be written or read      exit 1
├── StalePlanError        the tenant or the manifest moved since the plan was made    exit 1
└── RefusedError          refused by a policy or a limit                              exit 3
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

# What each exit code means; the reference, the manual page and docs/outcomes.md print this table.
EXIT_CODES: Mapping[int, str] = {
    0: "done, or nothing to do",
    1: "an error, usage errors included",
    2: "changes are pending or withheld (`plan --detailed-exitcode`), drift was found, `lint --live` found "
    "something that only the tenant has, or files are stale",
    3: "refused or skipped by a policy or a limit, `apply` withheld something in a protected environment, or "
    "`drift --revert` leaves a finding; wins over 2",
}


class Item(NamedTuple):
    """The item of a list for which an entry with `each` was expanded: its name and where it is; `files` are
    all files that set a part of the item.
    """

    name: str = ""
    file: str = ""
    line: int = 0
    column: int = 1
    files: tuple[str, ...] = ()


class Position(NamedTuple):
    """Where in a manifest something stands; line and column count from 1. A large manifest has a hundred
    thousand of them. What an entry with `each` makes is at the entry's place, and has its `item`.
    """

    file: str
    line: int
    column: int = 1
    item: Item = Item()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}{self.of_item}"

    @property
    def short(self) -> str:
        """Return the place without its column."""
        return f"{self.file}:{self.line}{self.of_item}"

    @property
    def of_item(self) -> str:
        """Return the item in parentheses, for places that have file and line apart; empty without one."""
        return f" ({self.item.name})" if self.item.name else ""

    @property
    def files(self) -> tuple[str, ...]:
        """Return the files that decide what is at the place."""
        return (self.file, *self.item.files)


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing that is wrong in a manifest: where, what was expected, what to do."""

    position: Position | None
    message: str

    def __str__(self) -> str:
        return f"{self.position}: {self.message}" if self.position else self.message


class EntraConfigError(Exception):
    """Base of all errors that are shown without a traceback."""

    exit_code: ClassVar[int] = 1


class UsageError(EntraConfigError):
    """The command line does not make sense."""


class ManifestError(EntraConfigError):
    """The manifest does not hold; all problems at once."""

    def __init__(self, problems: list[Problem]) -> None:
        every = sorted(set(problems), key=lambda p: (p.position or Position("", 0), p.message))
        self.problems = list(_once_per_entry(every))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _once_per_entry(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield each problem; one that an entry with `each` has for many items once, with their number."""
    alike: dict[tuple[Position, str], list[Problem]] = {}
    for problem in problems:
        position = problem.position or Position("", 0)
        # An item may be called `a` or `an`, and the article in a message is not its name.
        item = rf"(?<!\w)(?!an? [a-z]){re.escape(position.item.name)}(?!\w)"
        message = re.sub(item, "…", problem.message) if position.item.name else problem.message
        alike.setdefault((position._replace(item=Item()), message), []).append(problem)
    for first, *others in alike.values():
        more = f" (and for {len(others)} more of its items)" if others else ""
        yield Problem(first.position, f"{first.message}{more}")


class TenantError(EntraConfigError):
    """The signed-in tenant is not the environment's."""


class SignInError(EntraConfigError):
    """No usable credential, or Entra refused it."""


class GraphError(EntraConfigError):
    """Microsoft Graph refused a request for good.

    `status` is the HTTP status, `code` Graph's error code, `request_id` what support asks for, `advice` what
    a person can do, `rule` the row of the catalogue of messages that it is.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str = "",
        request_id: str = "",
        advice: str = "",
        rule: str = "",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.request_id = request_id
        self.advice = advice
        self.rule = rule


class SinkError(EntraConfigError):
    """A place that keeps secrets could not be written or read; the message never holds what it keeps."""


class StalePlanError(EntraConfigError):
    """What a saved plan was made from is no longer so."""


class RefusedError(EntraConfigError):
    """A policy or a limit refuses the plan; the message says which word lifts it."""

    exit_code: ClassVar[int] = 3
