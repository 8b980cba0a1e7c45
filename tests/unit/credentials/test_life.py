"""Which secret is current, due, left over or done: by what Graph shows, what the sink says, and the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from entra_config.credentials.life import SecretKey, Stand, stand
from entra_config.manifest.sinks import InSink
from tests.unit.credentials.web_secret import ELSEWHERE, HERE, WEB

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def key(
    name: str, age: float, *, place: str = HERE, label: str = "web", hint: str | None = None, life: float = 90
) -> SecretKey:
    """Return a secret that a rotation made so many days ago."""
    start = NOW - timedelta(days=age)
    return SecretKey(
        name, f"entra-config:{label}:{'0' * 16}.{place}", start, start + timedelta(days=life), hint
    )


def at(keys: list[SecretKey], kept: InSink, **options: object) -> Stand:
    """Return how it stands now."""
    return stand(WEB, HERE, keys, kept, NOW, **options)  # type: ignore[arg-type]  # the two that there are


def names(keys: tuple[SecretKey, ...]) -> list[str]:
    """Return their ids."""
    return [each.key_id for each in keys]


@pytest.mark.parametrize(("age", "due"), [(0, False), (75, False), (76, True), (89, True), (95, True)])
def test_due_from_the_overlap_before_its_end(age: float, due: bool) -> None:
    """Fourteen days before ninety are over."""
    assert bool(at([key("k", age)], InSink("k")).why) is due


def test_due_where_the_sink_keeps_none_or_the_life_was_shortened() -> None:
    """Empty, something else, or a secret of two years under a manifest that says ninety days."""
    assert at([], InSink(empty=True)).why == "its sink keeps none of them"
    assert at([key("k", 1)], InSink("of-somebody-else")).why
    assert "lives 90 days" in at([key("k", 80, life=730)], InSink("k")).why


def test_an_orphan_is_younger_than_what_the_sink_keeps() -> None:
    """Made for this place, and never there; what is older was there before."""
    found = at([key("old", 90.5, life=200), key("current", 10), key("left", 1)], InSink("current"))
    assert (found.current and found.current.key_id, names(found.orphans), names(found.overlapping)) == (
        "current",
        ["left"],
        ["old"],
    )
    assert names(at([key("left", 1)], InSink(empty=True)).orphans) == ["left"]


def test_the_one_before_stays_for_the_overlap() -> None:
    """Counted from its successor; what has ended opens nothing, and goes."""
    for age, staying in ((13.9, ["old"]), (14, [])):
        found = at([key("old", 80), key("new", age)], InSink("new", "abc"))
        assert names(found.overlapping) == staying
        assert names(found.done) == [each for each in ["old"] if not staying]
    assert names(at([key("old", 91), key("new", 1)], InSink("new")).done) == ["old"]


def test_a_place_that_moved_keeps_what_was_made_for_the_other() -> None:
    """Whoever reads the old place goes on until the overlap in the new one is over."""
    found = at([key("there", 10, place=ELSEWHERE)], InSink(empty=True))
    assert (found.current, names(found.overlapping), names(found.orphans)) == (None, ["there"], [])
    assert names(at([key("there", 30, place=ELSEWHERE), key("here", 15)], InSink("here", "abc")).done) == [
        "there"
    ]


def test_an_adopted_one_is_never_an_orphan() -> None:
    """It has another name, and may be in use where no sink is."""
    by_hand = SecretKey("mine", "by hand", NOW - timedelta(days=400), NOW + timedelta(days=300), "xyz")
    assert at([by_hand], InSink(empty=True)).current is None
    assert names(at([by_hand], InSink(empty=True), adopted=["mine"]).overlapping) == ["mine"]
    assert at([by_hand], InSink(hint="xyz"), adopted=["mine"]).current == by_hand


def test_what_the_lock_file_knows_is_no_orphan() -> None:
    """A sink that lost its copy: whoever read it before signs in for the overlap of the next one."""
    keys = [key("mine", 10), key("left", 1)]
    found = at(keys, InSink(empty=True), adopted=["mine"])
    assert (names(found.orphans), names(found.overlapping)) == (["left"], ["mine"])


@pytest.mark.parametrize("kept", [InSink("of-a-console"), InSink("of-a-console", "xyz"), InSink(hint="xyz")])
def test_where_nobody_recognises_what_is_kept_nothing_is_an_orphan(kept: InSink) -> None:
    """Any of them may be what somebody signs in with."""
    found = at([key("a", 10, hint="abc"), key("b", 1, hint="abd")], kept)
    assert (found.current, names(found.orphans), names(found.overlapping)) == (None, [], ["a", "b"])
    assert found.why


@pytest.mark.parametrize("kept", [InSink(), InSink(without=frozenset({"other"}))])
def test_a_planted_name_is_not_what_the_sink_keeps(kept: InSink) -> None:
    """A sink that names none: what the lock file knows is it; where that knows none, another is made."""
    keys = [key("mine", 80), key("planted", 20)]
    found = at(keys, kept, adopted=["mine"])
    assert (found.current and found.current.key_id, found.proven) == ("mine", True)
    assert "ends on" in found.why
    assert names(found.done) == []
    found = at(keys, kept)
    assert (found.proven, names(found.orphans), names(found.done)) == (False, [], [])
    assert "neither its sink nor the lock file" in found.why


def test_where_nothing_is_read_back_the_overlap_ends_with_the_lock_file() -> None:
    """Nothing ever signed in with what is kept, unless a run that proved it wrote it down."""
    keys = [key("old", 50), key("new", 20)]
    assert names(at(keys, InSink("new"), adopted=["old"]).overlapping) == ["old"]
    assert names(at(keys, InSink("new"), adopted=["old", "new"]).done) == ["old"]


def test_others_are_left_alone() -> None:
    """Another label, another's name, nobody's."""
    others = [
        key("o", 1, label="other"),
        SecretKey("n", "x", NOW, NOW),
        SecretKey("m", "entra-config:web:nonsense", NOW, NOW),
    ]
    found = at([*others, key("k", 1)], InSink("k"))
    assert all(found.state(each.key_id) is None for each in others)
    assert found.state("k") == "current"


def test_where_a_sink_does_not_say_which_all_that_may_be_stay() -> None:
    """Two secrets with the same first characters, or a sink that says nothing, or only what it is not."""
    keys = [key("a", 20, hint="abc"), key("b", 10, hint="abc"), key("c", 5, hint="xyz")]
    found = at(keys, InSink(hint="abc"))
    assert (found.current and found.current.key_id, names(found.overlapping), names(found.orphans)) == (
        "b",
        ["a"],
        ["c"],
    )
    assert not at(keys, InSink()).orphans
    found = at(keys, InSink(hint="abc"), adopted=["a"])
    assert (found.current and found.current.key_id, found.proven) == ("b", True), "the lock file may lag"
    found = at(keys, InSink(without=frozenset({"c"})))
    assert (found.current and found.current.key_id, names(found.orphans)) == ("b", ["c"])
