"""Where the manifest says what an application holds: as its client's request, or as what is acknowledged."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.actual.access import EVERYBODY, Holding
from entra_config.actual.holders import place_holding
from entra_config.errors import Position
from entra_config.manifest.policy import Acknowledged

ASKED, SAID, SECOND = (Position("a.yaml", line) for line in (1, 2, 3))
DAY, OTHER_DAY = date(2026, 12, 1), date(2027, 1, 1)
NAMES = {"p-1": '"Partner" (app-1…)'}


def holding(id_: str, *, role: str = "read", through: str = "direct", **more: Any) -> Holding:
    """Return what an application of others holds at the API."""
    known = {"application": "api", "type": "application", "name": "Partner"} | more
    return Holding(role=role, id=id_, through=through, **known)


def acknowledged(*entries: Acknowledged, listed: bool = True) -> Any:
    """Return a manifest that acknowledges these at the API."""
    applications = {"api": None} if listed else {}
    return SimpleNamespace(applications=applications, listed=frozenset(), acknowledged={"api": entries})


DIRECTORY: Any = SimpleNamespace(
    own_principals={}, external_names=NAMES, app_ids={"p-1": "app-1", "p-2": "app-2"}
)
FIRST = Acknowledged("app-1", frozenset({"read"}), frozenset({"see"}), DAY, SAID)
LATER = Acknowledged("app-1", frozenset({"read", "write"}), position=SECOND)


@pytest.mark.parametrize(
    ("each", "entries", "position", "until"),
    [
        (holding("p-1"), (FIRST,), SAID, DAY),
        (holding("p-1"), (LATER, FIRST), SECOND, None),
        (holding("p-1", role="write"), (FIRST, LATER), SECOND, None),
        (holding("p-1", role="see"), (FIRST, LATER), None, None),  # by its own consent alone
        (holding("p-1", role="see", through=EVERYBODY), (FIRST,), SAID, DAY),
        (holding("p-1", through=EVERYBODY), (FIRST,), None, None),
        (holding("p-2"), (FIRST, LATER), None, None),  # another's
        (holding("p-2", until=OTHER_DAY), (FIRST,), None, OTHER_DAY),
        (holding("p-1"), (), None, None),
    ],
)
def test_what_others_hold_is_declared_where_it_is_acknowledged(
    each: Holding, entries: tuple[Acknowledged, ...], position: Position | None, until: date | None
) -> None:
    """By its appId and the value, roles and consents apart; the first entry says it."""
    found = place_holding(each, acknowledged(*entries), DIRECTORY)
    assert (found.position, found.until, found.undeclared) == (position, until, position is None)


def test_of_what_the_manifest_does_not_speak_nothing_is_undeclared() -> None:
    """Nor of who is no application, nor of what is declared already; a stranger is called by its name."""
    listed: Any = SimpleNamespace(applications={}, listed=frozenset({"api"}), acknowledged={"api": (FIRST,)})
    assert place_holding(holding("p-1"), listed, DIRECTORY).position == SAID
    found = place_holding(holding("p-1"), acknowledged(FIRST, listed=False), DIRECTORY)
    assert (found.position, found.undeclared, found.called) == (None, False, NAMES["p-1"])
    person = holding("p-1", type="user")
    assert place_holding(person, acknowledged(FIRST), DIRECTORY) is person
    declared = place_holding(holding("p-9-and-more", position=ASKED), acknowledged(FIRST), DIRECTORY)
    assert (declared.position, declared.undeclared) == (ASKED, False)
    assert declared.called.startswith('"Partner" (p-9')


@pytest.mark.parametrize(
    ("role", "label", "resource", "position"),
    [
        ("read", "", "api", ASKED),
        ("reader.all", "read", "api", ASKED),
        ("write", "", "api", None),
        ("read", "", "other", None),
    ],
)
def test_what_a_client_of_ours_holds_is_declared_where_it_asks(
    role: str, label: str, resource: str, position: Position | None
) -> None:
    """By the value or the manifest's label of it, at that API."""
    permission = SimpleNamespace(resource=resource, application=("read",), position=ASKED)
    job = SimpleNamespace(api_permissions={resource: permission})
    manifest: Any = SimpleNamespace(
        applications={"api": None, "job": job}, listed=frozenset(), acknowledged={}
    )
    directory: Any = SimpleNamespace(own_principals={"p-1": "job"}, external_names={}, app_ids={})
    found = place_holding(holding("p-1", role=role, label=label, until=OTHER_DAY), manifest, directory)
    assert (found.position, found.until, found.undeclared) == (position, OTHER_DAY, not position)
    gone: Any = SimpleNamespace(applications={"api": None}, listed=frozenset(), acknowledged={})
    assert place_holding(holding("p-1"), gone, directory).undeclared
