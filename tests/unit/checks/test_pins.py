"""Pinned objects of which the tenant says otherwise: what is said, and what they are not given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import proof
from entra_config.checks.rules import pins
from entra_config.errors import Position, RefusedError
from entra_config.kinds.base import Grant, application_address
from entra_config.kinds.directory import Api, Directory, Live, Renamed, Subject
from entra_config.manifest.model import Application
from entra_config.plan.model import Notice, Withheld
from tests.unit.checks import ruled
from tests.unit.plan.estates import manifest

HERE = Position("api.yaml", 3, 1)
MANIFEST = manifest()
LOOK = "look whether it is the one that is meant; `entra-config lock -e prod` then writes both down"
RENAMED = {
    id_: Renamed(id_, name, f"{name} is another", pinned=False, position=HERE)
    for id_, name in (("u", "Ann"), ("id-api", "api"), ("id-job", "job"), ("sp-hr", "hr"))
}
LIVE = {
    "api": Live(Subject("api", {"id": "id-api", "appId": "a"})),
    "job": Live(Subject("job", {"id": "id-job", "appId": "j"})),
    "new": Live(Subject("new", None, {"id": "sp"})),
}
HR = Api("hr", "sp-hr", "app-hr", {}, {}, {})


def tenant(*unsaid: str) -> Directory:
    """Return a tenant where the lock file does not say what these objects are now."""
    return Directory("https://graph", live=LIVE, apis={"hr": HR}, renamed=RENAMED, unsaid=frozenset(unsaid))


def test_each_is_said_with_both_names() -> None:
    """What the lock file says both of is only said."""
    renamed = {**RENAMED, "x": Renamed("x", "X", "X is Y", pinned=True)}
    found = ruled.of_tenant(pins.name_changed, MANIFEST, replace(tenant(), renamed=renamed))
    assert found == [
        *(
            Notice(f"{name} is another; its pinned id decides: {LOOK}", None, HERE)
            for name in ("Ann", "api", "job", "hr")
        ),
        Notice("X is Y; its pinned id decides"),
    ]


def withheld(message: str, key: str) -> Withheld:
    """Return what is withheld."""
    return Withheld(message, LOOK, application_address(key), HERE)


@pytest.mark.parametrize(
    ("grant", "unsaid", "expected"),
    [
        (
            Grant("", "api", "assignment", "r", "u"),
            ("u",),
            withheld("Ann gets nothing new at api: Ann is another", "api"),
        ),
        (
            Grant("", "api", "assignment", "r", "u"),
            ("id-api",),
            withheld("nothing new is given at api: api is another", "api"),
        ),
        (
            Grant("job", "api", "delegated", "s"),
            ("id-job",),
            withheld("nothing new is given to job at api: job is another", "job"),
        ),
        (
            Grant("job", "api", "delegated", "s"),
            ("id-api", "id-job"),
            withheld("nothing new is given to job at api: job is another", "job"),
        ),
        (
            Grant("new", "hr", "application", "r"),
            ("sp-hr",),
            withheld("nothing new is given to new at hr: hr is another", "new"),
        ),
        (Grant("job", "api", "delegated", "s"), ("u", "sp-hr"), None),
        (Grant("gone", "nowhere", "delegated", "s"), ("u", "sp-hr", "id-api"), None),
    ],
)
def test_what_goes_through_such_a_pin(
    grant: Grant, unsaid: tuple[str, ...], expected: Withheld | None
) -> None:
    """To its object or at it, nothing new is given."""
    found = ruled.of_grant(grant, MANIFEST, tenant(*unsaid))
    assert (found if isinstance(found, Withheld) else None) == expected


def test_what_the_lock_file_does_not_say_of_an_application() -> None:
    """By its object id; nothing of what is not there."""
    unsaid = ("id-api", "sp", "")
    directory = replace(tenant(*unsaid[:2]))
    assert [pins.unsaid(directory, key) for key in ("api", "job", "new", "none")] == [
        RENAMED["id-api"],
        None,
        None,
        None,
    ]


def checked(directory: Directory, *keys: str, protected: bool = True) -> str:
    """Return why it is refused to touch applications, nothing where it is not."""
    declared: dict[str, Any] = {key: Application(key, "api", {}) for key in ("api", "job")}
    made = replace(manifest(protected=protected), applications=declared)
    try:
        proof.check(made, directory, keys, "nothing is rotated")
    except RefusedError as error:
        return str(error)
    return ""


def test_nothing_is_touched_that_somebody_may_have_planted() -> None:
    """In a protected environment what nothing proves; anywhere what the lock file does not say."""
    look = "look, then `entra-config lock -e prod --accept"
    doubt = "{0} is doubted: nothing proves that it is ours: " + look + " {0}={1}`, or `--reject {1}`"
    head = "myapp/prod: nothing is rotated. "
    assert checked(tenant(), "job", "api") == f"{head}{doubt.format('api', 'a')}; {doubt.format('job', 'j')}"
    assert checked(tenant(), "api") == head + doubt.format("api", "a")
    vouched = replace(tenant("id-api"), vouched=frozenset({"api", "job"}))
    assert checked(vouched, "api", "job") == f"{head}api is another: {LOOK}"
    assert checked(vouched, "job") == ""
    assert checked(tenant(), "api", protected=False) == ""
    assert checked(tenant("id-api"), "api", protected=False) == f"{head}api is another: {LOOK}"
    assert checked(tenant("id-api"), "api") == f"{head}{doubt.format('api', 'a')}; api is another: {LOOK}"
