"""What of a saved plan moved, line by line: objects, then fields, and requests where nothing else did."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from entra_config.errors import StalePlanError
from entra_config.graph.request import Request
from entra_config.plan import file
from entra_config.plan.content import canonical, content
from entra_config.plan.model import Create, Delete, FieldChange, Plan, Update
from entra_config.plan.steps import Phase, Step
from entra_config.resource import Address, Resource
from tests.unit.plan import estates

API, SPA = (Resource(Address("application", key), {}) for key in ("api", "spa"))


def update(before: Any, after: Any, path: str = "notes") -> Plan:
    """Make a plan that changes one field."""
    return estates.plan(Update(API, API, (FieldChange(path, before, after),)))


def moved(saved: Plan, now: Plan) -> list[str]:
    """Return the lines of what moved."""
    with pytest.raises(StalePlanError) as error:
        file.compare(file.read(file.text(saved).encode(), "p.json"), now)
    first, *lines = str(error.value).splitlines()
    assert first == (
        "p.json: the tenant or the manifest moved since this plan was made; nothing was changed. Plan again:"
    )
    return lines


@pytest.mark.parametrize(
    ("saved", "now", "lines"),
    [
        (estates.plan(), estates.plan(Delete(API)), ["  application.api: is new"]),
        (estates.plan(Delete(API)), estates.plan(), ["  application.api: is no longer to be done"]),
        (
            estates.plan(Delete(API)),
            estates.plan(Create(API)),
            ['  application.api: what is done: was "delete", is "create"'],
        ),
        (update("a", "b"), update("a", "c"), ['  application.api: notes: was "b", is "c"']),
        (update("a", "b"), update("c", "b"), ['  application.api: notes: was "a", is "c"']),
        (
            update("a", "b"),
            update("a", "b", "tags"),
            [
                '  application.api: notes: was ["a","b"], is null',
                '  application.api: tags: was null, is ["a","b"]',
            ],
        ),
        (
            update({"x": 1, "y": 2}, 0),
            update({"x": 1, "y": 3}, 0),
            ['  application.api: notes: was {"y":2}, is {"y":3}'],
        ),
        (update({"x": [1, 2]}, 0), update({"x": [1, 3]}, 0), ["  application.api: notes: was 2, is 3"]),
        (
            update({"x": [1, 2]}, 0),
            update({"x": 4}, 0),
            ['  application.api: notes: was {"x":[1,2]}, is {"x":4}'],
        ),
        (
            update({"x": {"z": 1}}, 0),
            update({"x": {"z": 2}}, 0),
            ['  application.api: notes: was {"z":1}, is {"z":2}'],
        ),
        (update({"x": 1}, 0), update({"w": 1}, 0), ['  application.api: notes: was {"x":1}, is {"w":1}']),
        (update([1, 2], 0), update([1, 3, 4], 0), ["  application.api: notes: was [2], is [3,4]"]),
    ],
)
def test_what_moved_is_shown_where_it_differs(saved: Plan, now: Plan, lines: list[str]) -> None:
    """Of objects the keys, of lists the entries, of one entry its value."""
    assert moved(saved, now) == lines


def step(id_: str, path: str = "/x") -> Step:
    """Make a step."""
    return Step(id_, (API.address,), Phase.EDIT, Request("PATCH", path))


def test_a_plan_is_saved_in_one_spelling() -> None:
    """Keys in order, names as they are, with what shows that it is whole."""
    plan = update("ä", "b")
    text = file.text(plan)
    found = json.loads(text)
    assert text == json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert "ä" in text
    whole = canonical([3, "myapp", "prod", estates.TENANT, content(plan)])
    assert found["digest"] == hashlib.sha256(whole.encode()).hexdigest() == file.digest(plan)
    assert sorted(found) == ["content", "digest", "environment", "project", "rest", "tenantId", "version"]
