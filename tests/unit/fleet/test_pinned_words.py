"""What is said of pins, line by line: who comes, who goes, who is young, and whose name is kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entra_config.errors import Problem
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.tenants.shards import LoadedShard
from entra_config.pinning.live import Bearer
from entra_fleet.groups import pinned
from entra_fleet.groups.pinned import PinnedKind
from tests.unit.fleet.files import FILES, MYAPP, NOW, loaded, write

OLD, NEW, ORGANIZATION = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))
LONG = Bearer(NOW - timedelta(days=30), 9)
YOUNG = Bearer(NOW - timedelta(days=29), 9)
NOBODY = Lock()


@pytest.fixture(name="shard", scope="module")
def _shard(tmp_path_factory: pytest.TempPathFactory) -> LoadedShard:
    folder = tmp_path_factory.mktemp("pinned")
    text = MYAPP.replace("groups: [MyApp Admins]", 'groups: ["${title} Team"], users: [a@b.c]')
    write(folder, {**FILES, "myapp/entra-config.yaml": text})
    return loaded(folder)["contoso/myapp"]


def kind(shard: LoadedShard, old: Lock, new: Lock, known: Bearer | None = LONG, *left: str) -> PinnedKind:
    """Return the kind of pins, of an object that somebody knows or nobody."""
    bearers = {} if known is None else {NEW: known}
    return pinned.of_lock(shard, (old, new), bearers, [Problem(None, each) for each in left], NOW)


TEAM = "group One Team"


@pytest.mark.parametrize(
    ("old", "new", "known", "line", "young"),
    [
        (None, Pin(NEW), LONG, f"+ {TEAM}: 9 people", False),
        (None, Pin(NEW), YOUNG, f"+ {TEAM}: 9 people, there since 2026-10-29", True),
        (None, Pin(NEW), Bearer(None, None), f"+ {TEAM}: ? people, of unknown age", True),
        (None, Pin(NEW), None, f"+ {TEAM}: ? people, of unknown age", True),
        (
            Pin(OLD),
            Pin(NEW),
            LONG,
            f"! {TEAM}: 9 people, another object than before, there since 2026-10-28",
            True,
        ),
        (
            None,
            Pin(NEW, "Crew", ORGANIZATION),
            LONG,
            f"+ {TEAM}: 9 people, is called Crew, is of the organization {ORGANIZATION}",
            False,
        ),
        (Pin(OLD), None, LONG, f"- {TEAM}", False),
        (Pin(OLD), Pin(OLD, "Crew"), LONG, f"~ {TEAM}: is called Crew", False),
        (Pin(OLD, "Crew"), Pin(OLD), LONG, f"~ {TEAM}: is called so again", False),
        (
            Pin(OLD),
            Pin(OLD, "", ORGANIZATION),
            LONG,
            f"~ {TEAM}: is of the organization {ORGANIZATION}",
            False,
        ),
    ],
    ids=[
        "new",
        "young",
        "of unknown age",
        "unknown",
        "another",
        "otherwise",
        "gone",
        "renamed",
        "back",
        "of others",
    ],
)
def test_a_group_whose_pin_is_otherwise(  # noqa: PLR0917  # the columns of a table
    old: Pin | None, new: Pin | None, known: Bearer | None, line: str, young: bool, shard: LoadedShard
) -> None:
    """Hold what is said of it, and whether it stands alone."""
    locks = [Lock(groups={"One Team": pin} if pin else {}) for pin in (old, new)]
    found = kind(shard, locks[0], locks[1], known)

    assert (found.kind.headline, found.young, found.pins) == ((line,), young, 1)


def test_what_a_variable_filled_is_taken_out(shard: LoadedShard) -> None:
    """Hold what the files say, and what it is here; another name is said as it is."""
    found = kind(shard, NOBODY, Lock(groups={"One Team": Pin(NEW), "Other": Pin(NEW)}))
    (taken,) = found.kind.taken

    assert (taken.declared, taken.value) == ("${title} Team", f"One Team, {NEW}")
    assert found.kind.headline == ("+ group One Team: 9 people", "+ group Other: 9 people")


def test_a_report_names_no_person(shard: LoadedShard) -> None:
    """Hold that neither a user's name, nor the one that the tenant has, is said, nor taken out."""
    known = {NEW: LONG}
    for old, new, line in (
        ({}, {"a@b.c": Pin(NEW, "d@e.f")}, "+ user …: is called otherwise"),
        ({"a@b.c": Pin(OLD)}, {}, "- user …"),
        ({"a@b.c": Pin(OLD)}, {"a@b.c": Pin(OLD, "d@e.f")}, "~ user …: is called otherwise"),
    ):
        found = pinned.of_lock(shard, (Lock(users=old), Lock(users=new)), known, [], NOW)
        assert (found.kind.headline, found.kind.taken) == ((line,), ())


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (None, PinnedApplication(NEW), "+ application api"),
        (None, PinnedApplication(NEW, owners=("x",)), "~ application api"),
        (PinnedApplication(OLD), PinnedApplication(NEW), "~ application api"),
        (PinnedApplication(OLD), PinnedApplication(OLD, key_ids=("k",)), "~ application api"),
        (PinnedApplication(OLD), PinnedApplication(), "- application api"),
        (PinnedApplication(OLD), None, "- application api"),
        (PinnedApplication(OLD), PinnedApplication(OLD, note="made"), ""),
        (PinnedApplication(OLD), PinnedApplication(OLD), ""),
    ],
)
def test_an_application_that_is_pinned_otherwise(
    old: PinnedApplication | None, new: PinnedApplication | None, line: str, shard: LoadedShard
) -> None:
    """Hold that a comment is no change, and that all else is."""
    locks = [Lock(applications={"api": each} if each else {}) for each in (old, new)]
    found = kind(shard, locks[0], locks[1])

    assert (found.kind.headline, found.young, found.pins) == ((line,) if line else (), False, int(bool(line)))


def test_lines_stand_in_order_and_what_is_left_comes_last(shard: LoadedShard) -> None:
    """Hold users, groups and service principals by name, then applications, then what is to be decided."""
    new = Lock(
        users={"a@b.c": Pin(NEW)},
        groups={"B": Pin(NEW), "A": Pin(NEW)},
        service_principals={"CI": Pin(NEW)},
        applications={"b": PinnedApplication(NEW), "a": PinnedApplication(NEW)},
    )
    found = kind(shard, NOBODY, new, LONG, "second", "first")

    assert found.kind.headline == (
        "+ user …",
        "+ group A: 9 people",
        "+ group B: 9 people",
        "+ service principal CI",
        "+ application a",
        "+ application b",
        "still to be decided: second",
        "still to be decided: first",
    )
    assert found.pins == 6
    assert found.kind.id == kind(shard, NOBODY, new, LONG, "first", "second").kind.id


def test_who_is_named_newly() -> None:
    """Hold each set and id, and that what goes, stays or was there is not named."""
    old = Lock(groups={"A": Pin(OLD), "B": Pin(OLD), "C": Pin(OLD)})
    new = Lock(
        users={"u": Pin(NEW)},
        groups={"A": Pin(OLD, "Crew"), "B": Pin(NEW)},
        service_principals={"s": Pin(OLD)},
    )
    assert list(pinned.named(old, new)) == [("users", NEW), ("groups", NEW), ("servicePrincipals", OLD)]
