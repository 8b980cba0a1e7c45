"""A saved plan lets the very same plan pass and no other, and no file makes a traceback."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import saved as saving
from entra_config.errors import EntraConfigError, Position, StalePlanError, UsageError
from entra_config.graph.request import Request
from entra_config.kinds.facts import ApplicationFacts
from entra_config.plan import file, rest
from entra_config.plan.model import (
    AccessChange,
    Affected,
    Afterwards,
    Create,
    Delete,
    FieldChange,
    ItemChange,
    Plan,
    Refusal,
    TenantInfo,
    Update,
)
from entra_config.plan.steps import Holds, Phase, Probe, Step
from entra_config.resource import Address, Ref, Resource, Text

API, SPA, OTHER = (Address("application", key) for key in ("api", "spa", "other"))
BEFORE = Resource(API, {"displayName": "API"}, ApplicationFacts("1", app_id="2"))
NAME = FieldChange("displayName", "API", "My API", position=Position("api.yaml", 3))
ROLES = FieldChange(
    "appRoles", [{"value": "A"}, {"value": "B"}], [{"value": "A"}], (ItemChange("remove", "B"),)
)
EXTEND = Step(
    "application.api/extend",
    (API,),
    Phase.EXTEND,
    Request(
        "PATCH",
        "/applications/1",
        {"displayName": "My API", "identifierUris": [Text(("api://", Ref(API, "appId")))]},
    ),
    guard=Probe(Request("GET", "/applications/1"), Holds({"displayName": "API"})),
)
CREATE = Step(
    "application.spa/create", (SPA,), Phase.CREATE, Request("POST", "/applications", {"displayName": "SPA"})
)
PLAN = Plan(
    "myapp",
    "prod",
    TenantInfo("t", "contoso"),
    (Update(BEFORE, BEFORE, (NAME, ROLES)), Create(Resource(SPA, {"displayName": "SPA"}))),
    (EXTEND, CREATE),
    refusals=(Refusal("many", "too many", API),),
    access=(
        AccessChange(
            "api", "B", "lose", 2, (Affected("u1", "Li", "group Audit"), Affected("u2", "Judy", "direct"))
        ),
    ),
    ids={Ref(API, "id"): "1", Ref(API, "appId"): "2", Ref(OTHER, "id"): "3"},
    afterwards={
        "role api/A": Afterwards(frozenset({"u1", "u2"}), frozenset({"nightly"})),
        "role api/B": Afterwards(None),
    },
)

THEIRS = Update(BEFORE, BEFORE, (dataclasses.replace(NAME, before="Theirs"), ROLES))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Save the plan."""
    path = tmp_path / "plan.json"
    saving.write(path, PLAN)
    return path


def test_the_same_plan_passes(saved: Path) -> None:
    """What was saved and planned again is the same."""
    file.compare(saving.read(saved), PLAN)


def test_places_ages_and_the_order_of_collections_are_no_difference(saved: Path) -> None:
    """A manifest with a line more, a note with another age, a collection in another order: still that very
    plan.
    """
    roles = dataclasses.replace(ROLES, before=[{"value": "B"}, {"value": "A"}])
    name = dataclasses.replace(NAME, position=Position("api.yaml", 9))
    again = dataclasses.replace(
        PLAN, changes=(Update(BEFORE, BEFORE, (name, roles), notes=("deleted 4 days ago",)), PLAN.changes[1])
    )
    file.compare(saving.read(saved), again)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"changes": (THEIRS, PLAN.changes[1])}, ["application.api", "displayName", "Theirs"]),
        ({"changes": PLAN.changes[:1]}, ["application.spa", "no longer"]),
        ({"changes": (*PLAN.changes, Create(Resource(Address("application", "new"), {})))},
        ["application.new", ("is "
"new")]),
        ({"steps": (EXTEND,)}, ["application.spa/create"]),
        ({"steps": (dataclasses.replace(EXTEND, request=Request("PATCH", ("/applications/"
"2"), {})), CREATE)}, ["requests"]),
        ({"steps": (dataclasses.replace(EXTEND, guard=None), CREATE)}, ["guard"]),
        ({"access": ()}, ["access role api/B lose"]),
        ({"access": (dataclasses.replace(PLAN.access[0], count=3),)}, ["access role api/B lose", "count"]),
        ({"refusals": ()}, ["refusal many"]),
        ({"environment": "dev"}, ["made for environment prod"]),
        ({"tenant": TenantInfo("other", "contoso")}, ["made for tenant t"]),
        ({"project": "x"}, ["made for project myapp"]),
    ],
)  # fmt: skip
def test_another_plan_is_refused_and_what_moved_is_named(
    saved: Path, other: dict[str, Any], words: list[str]
) -> None:
    """Object and field stand in the message, and the exit code is 1."""
    with pytest.raises(StalePlanError) as caught:
        file.compare(saving.read(saved), dataclasses.replace(PLAN, **other))
    assert all(word in str(caught.value) for word in words)
    assert caught.value.exit_code == 1


def test_two_values_that_begin_alike_are_shown_where_they_differ(tmp_path: Path) -> None:
    """Of two long values, and of two long lists of requests, the message has the parts that differ."""
    start = "repo:example/" + "x" * 300
    path = tmp_path / "plan.json"

    def with_subject(subject: str) -> Plan:
        change = Update(BEFORE, BEFORE, (FieldChange("subject", "none", f"{start}:{subject}"),))
        step = dataclasses.replace(
            EXTEND, request=Request("PATCH", "/applications/1", {"subject": f"{start}:{subject}"})
        )
        return dataclasses.replace(PLAN, changes=(change,), steps=(step,))

    saving.write(path, with_subject("environment:prod"))
    with pytest.raises(StalePlanError) as reported:
        file.compare(saving.read(path), with_subject("pull_request"))

    (line,) = [line for line in str(reported.value).splitlines() if "subject" in line]
    assert ":environment:prod" in line
    assert ":pull_request" in line
    assert len(line) < 250


def test_the_tenant_s_name_and_counts_that_nothing_hangs_on_may_change(saved: Path) -> None:
    """Unchanged objects are not part of what is applied."""
    file.compare(
        saving.read(saved),
        dataclasses.replace(PLAN, unchanged=99, tenant=TenantInfo("t", "renamed"), depth=7),
    )


def test_the_file_is_private_and_the_same_each_time(saved: Path, tmp_path: Path) -> None:
    """Only the owner reads it, and no clock stands in it."""
    assert saved.stat().st_mode & 0o077 == 0
    again = tmp_path / "again.json"
    saving.write(again, PLAN)
    assert saved.read_bytes() == again.read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_edited_file_is_refused(saved: Path) -> None:
    """Whoever changes the content, or puts another digest there, is told so."""
    data = json.loads(saved.read_text())
    data["content"]["step application.api/extend"]["requests"][0][1] = "/applications/evil"
    saved.write_text(json.dumps(data))
    with pytest.raises(UsageError, match="digest"):
        saving.read(saved)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (b"", ":1:1"),
        (b"{", ":1:2"),
        (b"[]", "the file"),
        (b"null", "the file"),
        (b'{"version": 1}', "version"),
        (b'{"version": true}', "version"),
        (b'{"version": 2, "project": 3}', "project"),
        (b"\xff\xfe", "byte 0"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"version": ' + b"9" * 10_000 + b"}", "numbers too long"),
        ((b'{"version": 2, "project": "", "environment": "", "tenantId": "", "digest": "", "content": '
b'{"a": 1}}'), "content['a']"),
        ((b'{"version": 2, "project": "", "environment": "", "tenantId": "", "digest": "", "content": '
b'{}, "x": 1}'), "x"),
        ((b'{"version": 2, "project": "\\ud800", "environment": "", "tenantId": "", "digest": "", '
b'"content": {}}'), "digest"),
    ],
)  # fmt: skip
def test_a_broken_file_is_an_error_with_its_place(tmp_path: Path, text: bytes, place: str) -> None:
    """The message names the file and where in it."""
    path = tmp_path / "plan.json"
    path.write_bytes(text)
    with pytest.raises(UsageError) as caught:
        saving.read(path)
    assert str(path) in str(caught.value)
    assert place in str(caught.value)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Missing, or a folder, or not writable: named."""
    with pytest.raises(UsageError, match="cannot be read"):
        saving.read(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read"):
        saving.read(tmp_path)
    with pytest.raises(UsageError, match="cannot be written"):
        saving.write(tmp_path / "no" / "plan.json", PLAN)


def refusal(path: Path) -> str:
    """Give the message with which a file is refused, "" where it is not."""
    try:
        file.compare(saving.read(path), PLAN)
    except EntraConfigError as error:
        return str(error)
    return ""


def json_of(data: bytes) -> Any:
    """Read JSON; None where it is none."""
    try:
        return json.loads(data)
    except ValueError:
        return None


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change a file somewhere, by bytes or by JSON."""
    if chance.random() < 0.5:
        text = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            where = chance.randrange(len(text))
            text[where : where + chance.randint(0, 6)] = bytes(
                chance.randrange(256) for _ in range(chance.randint(0, 4))
            )
        return bytes(text)
    tree = json.loads(data)
    node: Any = tree
    while isinstance(node, dict | list) and node:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = chance.choice(keys)
        if chance.random() < 0.4 or not isinstance(node[key], dict | list):
            if chance.random() < 0.3:
                del node[key]
            else:
                node[key] = chance.choice(
                    [None, 0, -1, True, [], {}, "", "x" * 50, [[]], {"$ref": "x"}, 1e308]
                )
            break
        node = node[key]
    return json.dumps(tree).encode()


@pytest.mark.parametrize("seed", range(10))
def test_mutated_files_are_refused_without_a_traceback(saved: Path, seed: int) -> None:
    """500 mutated plan files: each is refused with the file's name, or is the same plan after all."""
    _mutated(saved, seed, 50)


@pytest.mark.faults
@pytest.mark.parametrize("seed", range(10, 20))
def test_two_thousand_mutated_files(saved: Path, seed: int) -> None:
    """The same, two hundred for each seed."""
    _mutated(saved, seed, 200)


def _mutated(saved: Path, seed: int, times: int) -> None:
    chance = random.Random(seed)
    original = saved.read_bytes()
    for _ in range(times):
        saved.write_bytes(mutate(original, chance))
        same = json_of(saved.read_bytes()) == json_of(original)
        assert same or str(saved) in refusal(saved)


def test_what_the_rest_needs_is_kept_and_no_more(saved: Path) -> None:
    """Ids of what it changes, who holds what it touches; people as one digest, or None."""
    kept = saving.read(saved).kept

    assert kept == rest.kept(PLAN)
    assert kept.ids == {Ref(API, "id"): "1", Ref(API, "appId"): "2"}
    people, applications = kept.afterwards["role api/A"]
    assert people is not None
    assert len(people) == 64
    assert applications == {"nightly"}
    assert kept.afterwards["role api/B"] == (None, frozenset())


REST = dataclasses.replace(
    PLAN,
    changes=PLAN.changes[:1],
    steps=PLAN.steps[:1],
    afterwards={"role api/B": Afterwards(frozenset({"u9"}))},
)
WHOLE = dataclasses.replace(PLAN, afterwards=REST.afterwards)


def with_name(before: str, after: str) -> Plan:
    """Return the rest with another name."""
    name = dataclasses.replace(NAME, before=before, after=after)
    return dataclasses.replace(REST, changes=(Update(BEFORE, BEFORE, (name, ROLES)),))


@pytest.mark.parametrize(
    ("plan", "strange"),
    [
        (REST, []),
        (WHOLE, []),
        (
            dataclasses.replace(REST, environment="dev"),
            ["another project, environment or tenant"],
        ),
        (with_name("Theirs", "My API"), ["displayName is not what was there, nor what a step of it leaves"]),
        (with_name("API", "Theirs"), ["displayName becomes something else"]),
        (
            dataclasses.replace(REST, afterwards={"role api/B": Afterwards(frozenset({"u8"}))}),
            ["not everybody of these was in it"],
        ),
        (
            dataclasses.replace(REST, afterwards={"role api/B": Afterwards(None)}),
            ["not everybody of these was in it"],
        ),
        (dataclasses.replace(REST, afterwards={}), ["not everybody of these was in it"]),
        (dataclasses.replace(REST, refusals=(Refusal("last", "the last", SPA),)), ["was not in it"]),
        (
            dataclasses.replace(REST, refusals=(Refusal("many", "many", API, blocks=False),)),
            ["was not in it"],
        ),
        (
            dataclasses.replace(
                REST,
                changes=(Update(dataclasses.replace(BEFORE, facts=ApplicationFacts("9")), BEFORE, (NAME,)),),
            ),
            ["is another object"],
        ),
        (dataclasses.replace(REST, changes=(Delete(BEFORE),)), ["was to update, is to delete"]),
        (
            dataclasses.replace(REST, changes=(Create(Resource(OTHER, {})),)),
            ["application.other: was not in it"],
        ),
        (
            dataclasses.replace(REST, changes=(Update(BEFORE, BEFORE, (FieldChange("notes", "", "x"),)),)),
            ["notes was not in it"],
        ),
    ],
)
def test_what_was_not_approved_is_named(tmp_path: Path, plan: Plan, strange: list[str]) -> None:
    """Each part of a plan that goes beyond the saved one, in its own words."""
    path = tmp_path / "whole.json"
    saving.write(path, WHOLE)

    found = file.beyond(saving.read(path), plan)

    assert len(found) == len(strange)
    for line, words in zip(found, strange, strict=True):
        assert words in line


TIMED = dataclasses.replace(PLAN, at=datetime(2027, 2, 1, tzinfo=UTC), over_since=date(2027, 1, 31))


def test_the_instant_is_kept_and_decides_by_what_is_over_alone(tmp_path: Path) -> None:
    """The file has the instant; between two ends the digest is the same, across one it is another."""
    path = tmp_path / "plan.json"
    saving.write(path, TIMED)
    found = saving.read(path)

    assert found.at == TIMED.at
    file.compare(found, dataclasses.replace(TIMED, at=datetime(2027, 2, 9, tzinfo=UTC)))
    assert file.digest(TIMED) != file.digest(PLAN)
    with pytest.raises(StalePlanError):
        file.compare(found, dataclasses.replace(TIMED, over_since=date(2027, 2, 5)))


@pytest.mark.parametrize(
    ("key", "value", "place"),
    [
        ("at", "soon", "at"),
        ("at", "2027-02-01", "at"),
        ("at", "0001-01-01T00:00:00+14:00", "at"),
        ("at", 3, "at"),
        ("overSince", None, "overSince"),
        ("overSince", "2027-01-30", "digest"),
    ],
)
def test_an_instant_that_is_none_is_an_error(tmp_path: Path, key: str, value: Any, place: str) -> None:
    """Neither is edited unnoticed, as far as it decides anything."""
    path = tmp_path / "plan.json"
    saving.write(path, TIMED)
    path.write_text(json.dumps({**json.loads(path.read_text()), key: value}))
    with pytest.raises(UsageError, match=place):
        saving.read(path)
