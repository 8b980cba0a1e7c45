"""The test files of a manifest as they were and as they are in; which tests were removed, changed and
added out.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from entra_config.errors import Position
from entra_config.testing.model import AccessTest, PlacedString, Suite


@dataclass(frozen=True, slots=True)
class TestEdits:
    """Names of tests; `read_error` says why what was there could not be read, so that all count as added."""

    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    read_error: str = ""

    def __bool__(self) -> bool:
        return bool(self.removed or self.changed or self.added or self.read_error)


def between(before: Sequence[Suite], after: Sequence[Suite], environment: str | None = None) -> TestEdits:
    """Compare tests by name: what they say, and what their file says of the person and the groups in them.

    With an environment only those that are for it.
    """
    old, new = (_by_name(suites, environment) for suites in (before, after))
    return TestEdits(
        removed=tuple(name for name in old if name not in new),
        changed=tuple(name for name, line in new.items() if name in old and old[name] != line),
        added=tuple(name for name in new if name not in old),
    )


def _by_name(suites: Iterable[Suite], environment: str | None) -> Mapping[str, Any]:
    every = ((test, suite) for suite in suites for test in suite.tests)
    chosen = ((test, suite) for test, suite in every if environment is None or test.runs_in(environment))
    # A test with `each` is one for each environment.
    found: dict[str, list[Any]] = {}
    for test, suite in chosen:
        found.setdefault(test.name, []).append((_without_places(test), _around(test, suite)))
    return found


def _around(test: AccessTest, suite: Suite) -> Any:
    """Return the groups that a file puts the person's groups into: they decide about nesting."""
    found: dict[str, Any] = {}
    waiting = [word.text for word in test.person.member_of] if test.person else []
    while waiting:
        name = waiting.pop()
        if name in suite.groups and name not in found:
            outer = sorted(word.text for word in suite.groups[name].member_of)
            found[name] = outer
            waiting += outer
    return found


def _without_places(value: Any) -> Any:
    """Return a value without places: a test that only moved is the same."""
    match value:
        case PlacedString(text, _):
            return text
        case Position() | datetime():
            return None if isinstance(value, Position) else value.isoformat()
        case tuple():
            return [_without_places(each) for each in value]
        case Mapping():
            return {key: _without_places(each) for key, each in value.items()}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            fields = {
                field.name: _without_places(getattr(value, field.name)) for field in dataclasses.fields(value)
            }
            return {"": type(value).__name__, **fields}
        case _:
            return value
