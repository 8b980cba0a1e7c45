"""The extension of the portal, which another package brings: it rates and declares changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Literal, Protocol, TypeVar

from entra_emulator.labels import TenantLabels
from entra_emulator.tenant import Tenant

GROUP = "entra_emulator.portal"
LEVELS = ("high", "medium", "low")
_LOG = logging.getLogger(__name__)
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Change:
    """One thing that changed between two moments: an object, a link, a property, or one element of a list.

    `place` is the collection, and `id` the object's or the link's id there. `path` is the property by Graph's
    names (`web.redirectUris`), and `element` identifies one element of its list; both are empty for a
    complete object or link. `before` and `after` are values, None where there was none. `restored`: the
    object was deleted before, and is back. `label` is the text of the label that the thing has.
    """

    place: str
    id: str
    kind: Literal["added", "removed", "changed"]
    path: str = ""
    element: str = ""
    before: Any = None
    after: Any = None
    restored: bool = False
    label: str = ""


@dataclass(frozen=True)
class Moments:
    """A tenant at the two moments that are compared, and the labels that it has."""

    before: Tenant
    after: Tenant
    labels: TenantLabels


@dataclass(frozen=True)
class Rating:
    """How risky a change is: a level of `LEVELS`, and a rank among all changes, highest risk first."""

    rank: int
    level: Literal["high", "medium", "low"]

    def __post_init__(self) -> None:
        """Refuse a level that no page has a sign for."""
        if self.level not in LEVELS:
            raise ValueError(f"no such level of risk: {self.level!r}")


@dataclass(frozen=True)
class Declaration:
    """Lines that declare a change, and the file that they belong in; or the reason why there are none."""

    lines: str = ""
    file: str = ""
    reason: str = ""


@dataclass(frozen=True)
class RefusedSignIn:
    """A sign-in that was refused: the AADSTS code, the application's row that refuses, and its roles and the
    person's UPN where an assignment is missing.
    """

    code: int
    application: Mapping[str, Any]
    roles: tuple[str, ...] = ()
    upn: str = ""


@dataclass(frozen=True)
class Remedy:
    """What would let a refused sign-in pass: settings by what they mean, and a command."""

    settings: Mapping[str, str] = field(default_factory=dict)
    command: str = ""


class PortalExtension(Protocol):
    """The class that an entry point of `entra_emulator.portal` names; it is made without arguments."""

    def rate(self, changes: Sequence[Change], moments: Moments) -> Sequence[Rating]:
        """Return the rating of each change."""
        ...

    def declare(self, changes: Sequence[Change], moments: Moments) -> Sequence[Declaration]:
        """Return the declaration of each change."""
        ...

    def explain(self, refused: RefusedSignIn) -> Remedy:
        """Return what would let a sign-in pass."""
        ...


def rate(changes: Sequence[Change], moments: Moments) -> Sequence[Rating]:
    """Return the rating of each change; none without an extension."""
    return _ask(lambda extension: _checked(extension.rate(changes, moments), changes, Rating)) or ()


def declare(changes: Sequence[Change], moments: Moments) -> Sequence[Declaration]:
    """Return the declaration of each change; none without an extension."""
    return _ask(lambda extension: _checked(extension.declare(changes, moments), changes, Declaration)) or ()


def explain(refused: RefusedSignIn) -> Remedy:
    """Return what would let a sign-in pass; nothing without an extension."""
    return _ask(lambda extension: extension.explain(refused)) or Remedy()


def _checked(found: Sequence[_Answer], changes: Sequence[Change], type_: type[_Answer]) -> Sequence[_Answer]:
    if len(found) != len(changes) or not all(isinstance(each, type_) for each in found):
        raise TypeError(f"expected one {type_.__name__} for each change")
    return found


def _ask(question: Callable[[PortalExtension], _Answer]) -> _Answer | None:
    """Return the extension's answer; None, and a line in the log, without an extension or if it raises."""
    extension = load()
    if extension is None:
        return None
    try:
        return question(extension)
    except Exception as error:  # noqa: BLE001  # a fault of the extension leaves the page without what it would add
        _warn_once(f"the portal's extension failed: {_one_line(error)}")
        return None


@cache
def load() -> PortalExtension | None:
    """Import and make the extension, once for this process, when a page first needs it."""
    # Half a megabyte that no start needs.
    from importlib.metadata import entry_points

    found = sorted(entry_points(group=GROUP), key=lambda each: each.name)
    if not found:
        _LOG.warning(
            "no extension of the portal is installed (entry point %s): pages show changes without risk", GROUP
        )
        return None
    try:
        extension: PortalExtension = found[0].load()()
    except Exception as error:  # noqa: BLE001  # whatever an import raises, the page is shown without it
        _LOG.warning("the portal's extension %s cannot be loaded: %s", found[0].value, _one_line(error))
        return None
    return extension


@lru_cache(maxsize=100)
def _warn_once(message: str) -> None:
    """Log a message that each page could repeat."""
    _LOG.warning("%s", message)


def _one_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())
