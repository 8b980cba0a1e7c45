"""What is given for a time, or goes as that is over, says so beside the very entry; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from entra_config.checks import lasting
from entra_config.errors import Position
from entra_config.plan.model import Change, Create, Delete, FieldChange, ItemChange, Release, Sign, Update
from entra_config.resource import WHOLE, Resource
from tests.unit.plan.estates import API, plan

DAY, PAST = date(2027, 6, 30), date(2026, 11, 1)
UNTIL, OVER = "until 30 Jun 2027, ends when applied", "its last day was 1 Nov 2026"
HERE = ("uris", "a")


def resource(ends: dict[tuple[str, str], date] | None = None, position: Position | None = None) -> Resource:
    """Return an application, with the last days of what of it is wanted for a time."""
    return Resource(API, {}, position=position, ends=ends or {})


def there(gone: Resource) -> Resource:
    """Return the application in the tenant, with what of it is over."""
    return Resource(API, {}, ended=gone)


def update(sign: Sign, ends: dict[tuple[str, str], date], gone: dict[tuple[str, str], date]) -> Update:
    """Return a change of two entries of a list, and of a field that is no list."""
    items = tuple(ItemChange(sign, key, key=key) for key in ("a", "b"))
    fields = (FieldChange("uris", [], [], items), FieldChange("name", "old", "new"))
    return Update(there(resource(gone)), resource(ends), fields)


@pytest.mark.parametrize(
    ("sign", "ends", "gone", "said"),
    [
        ("add", {HERE: DAY}, {}, [(UNTIL,), ()]),
        ("change", {HERE: DAY}, {}, [(UNTIL,), ()]),
        ("remove", {}, {HERE: PAST}, [(OVER,), ()]),
        ("remove", {HERE: DAY}, {}, [(), ()]),
        ("add", {}, {HERE: PAST}, [(), ()]),
        ("remove", {("roles", "a"): DAY}, {("roles", "a"): PAST}, [(), ()]),
        ("add", {}, {}, [(), ()]),
        ("add", {WHOLE: DAY}, {}, [(), ()]),  # it was said when it was made
    ],
)
def test_each_entry_of_a_list_has_its_own_day(
    sign: Sign,
    ends: dict[tuple[str, str], date],
    gone: dict[tuple[str, str], date],
    said: list[tuple[str, ...]],
) -> None:
    """An entry beside it, and one of another list by the same name, has none."""
    (made,) = lasting.noted([update(sign, ends, gone)])

    assert isinstance(made, Update)
    assert [each.notes for each in made.fields[0].items] == said
    assert made.fields[1:] == update(sign, ends, gone).fields[1:]
    assert made.notes == ()


OVER_BOTH = resource({HERE: PAST, WHOLE: PAST}, Position("a.yaml", 3, 1))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Create(resource({WHOLE: DAY}), notes=("before",)), ("before", UNTIL)),
        (Create(resource({HERE: DAY})), ()),
        (Create(resource()), ()),
        (Delete(there(resource({WHOLE: PAST}))), (OVER,)),
        (
            Delete(there(OVER_BOTH), notes=("before",)),
            ("before", f"{OVER} (a.yaml:3:1)", f"a: {OVER} (a.yaml:3:1)"),
        ),
        (Delete(resource({WHOLE: DAY})), ()),
        (Release(there(resource({WHOLE: PAST}))), ()),
    ],
)
def test_what_comes_or_goes_as_a_whole_says_its_day(change: Change, said: tuple[str, ...]) -> None:
    """With the place where it stood, after what was said already."""
    (made,) = lasting.noted([change])

    assert made.notes == said


@pytest.mark.parametrize(
    ("alone", "at", "elsewhen", "said"),
    [
        (False, None, False, 0),
        (True, None, True, 1),
        (False, datetime(2027, 1, 1, tzinfo=UTC), True, 1),
        (False, datetime(2027, 1, 1, tzinfo=UTC), False, 0),
        (True, datetime(2027, 1, 1, tzinfo=UTC), True, 2),
    ],
)
def test_a_plan_says_first_what_it_leaves_out_and_when_it_is_for(
    alone: bool, at: datetime | None, elsewhen: bool, said: int
) -> None:
    """A plan of everything, for now, says neither."""
    made = lasting.with_notices(replace(plan(), endings_alone=alone, at=at), elsewhen=elsewhen)

    told = [each.message for each in made.warnings]
    assert len(told) == said
    assert ("only what is over by its `until`" in "".join(map(str, told))) is alone
    assert ("planned for 2027-01-01 00:00:00 UTC" in "".join(map(str, told))) is (at is not None and elsewhen)
