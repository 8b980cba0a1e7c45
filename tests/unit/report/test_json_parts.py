"""Each part of the JSON of a plan, whole: its values, what is null, and what is never printed."""

from __future__ import annotations

import json as jsonlib
from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Item, Position
from entra_config.graph.request import Request, Usage
from entra_config.plan.model import (
    AccessChange,
    Affected,
    Change,
    Create,
    Delete,
    Deployer,
    Effect,
    FieldChange,
    IdName,
    ItemChange,
    KeyObject,
    Notice,
    Objects,
    Plan,
    Refusal,
    Release,
    Restore,
    Update,
    Withheld,
)
from entra_config.plan.steps import Phase, Step
from entra_config.report import document, json
from entra_config.resource import Address, Ref, Resource, Text
from tests.unit.plan import estates

API = Address("application", "api")
HERE = Position("a.yaml", 3, 5, Item("orders"))
PLACE = {"file": "a.yaml", "line": 3, "column": 5, "item": "orders"}
SUBJECT = {"kind": "application", "key": "api"}
BROKEN, MENDED = "a\ud800b", "a\ufffdb"
OWN = Resource(API, {}, title="api", display_name="API", position=HERE)


def parsed(plan: Plan, **more: Any) -> Any:
    """Return the document as any program reads it."""
    text = json.render(plan, **more)
    assert text.isascii()
    assert text.endswith("}\n")
    return jsonlib.loads(text)


def fields(*each: FieldChange) -> Any:
    """Return the fields of a change."""
    return parsed(estates.plan(Update(OWN, OWN, each)))["changes"][0]["fields"]


def test_an_empty_plan_has_each_part() -> None:
    """Whose it is, and nothing else; requests and tests only where somebody wants them."""
    plan = replace(estates.plan(), read=Usage(5, 2, 3), depth=4, unchanged=6, left_out=7)
    numbers = {"add": 0, "change": 0, "remove": 0, "adopt": 0, "restore": 0, "release": 0}
    parts = ("effects", "changes", "following", "access", "keys", "deployers", "warnings", "refusals")
    empty: dict[str, list[Any]] = {name: [] for name in parts}
    assert parsed(plan) == {
        "version": 4,
        "kind": "plan",
        "project": "myapp",
        "environment": "prod",
        "tenant": {"id": estates.TENANT, "name": "contoso"},
        "blocked": False,
        "summary": {**numbers, "unchanged": 6, "withheld": 0, "skipped": 7},
        **empty,
        "protected": False,
        "withheld": [],
        "steps": 0,
        "read": {"requests": 5, "calls": 2, "depth": 3},
        "apply": {"requests": 0, "calls": None, "depth": 4},
    }
    assert parsed(plan, show_requests=True)["requests"] == []
    tests = document.TestsDocument(
        version=2, kind="tests", project="myapp", tests=0, failed=0, results=[], notes=[], edits=None
    )
    assert parsed(plan, tests=tests)["tests"]["version"] == 2
    assert "requests" not in parsed(plan, tests=tests)


@pytest.mark.parametrize(
    ("change", "action", "counted"),
    [
        (Create(OWN), "create", "add"),
        (Update(OWN, OWN), "update", "change"),
        (Update(OWN, OWN, adopts=True), "adopt", "adopt"),
        (Delete(OWN), "delete", "remove"),
        (Restore(OWN, OWN), "restore", "restore"),
        (Release(OWN), "release", "release"),
    ],
)
def test_each_change_has_a_word_and_a_number(change: Change, action: str, counted: str) -> None:
    """Of what follows there is no number."""
    ids: dict[Address, dict[IdName, str | None]] = {OWN.address: {"object": "o", "appId": None}}
    found = parsed(replace(estates.plan(change), following=(change,), objects=Objects(ids)))
    whole = {
        "action": action,
        "address": SUBJECT,
        "title": "api",
        "displayName": "API",
        "position": PLACE,
        "fields": [],
        "notes": [],
        "ids": {"object": "o", "appId": None},
    }
    assert found["changes"] == found["following"] == [whole]
    numbers = {name: number for name, number in found["summary"].items() if number}
    assert numbers == {counted: 1}


@pytest.mark.parametrize(
    ("field", "path", "before", "after"),
    [
        (FieldChange("notes", "a", None), "notes", "a", None),
        (FieldChange("n", 1, [BROKEN, {BROKEN: True}]), "n", 1, [MENDED, {MENDED: True}]),
        (FieldChange("x.secretText", None, "s"), "x.secretText", None, "(secret)"),
        (FieldChange("x.secretText", "s", None), "x.secretText", "(secret)", None),
        (FieldChange(BROKEN, False, 0), MENDED, False, 0),
    ],
)
def test_a_field_has_both_values(field: FieldChange, path: str, before: Any, after: Any) -> None:
    """As they are; a secret is never printed, and lone surrogates are replaced."""
    whole = {"path": path, "before": before, "after": after, "items": [], "differences": [], "position": None}
    assert fields(field) == [whole]


def test_a_list_has_items_and_an_object_leaves() -> None:
    """An item with its fields and notes; the whole values of a list are left out."""
    leaf = FieldChange("a", 1, 2)
    shown = {"path": "a", "before": 1, "after": 2, "items": [], "differences": [], "position": None}
    item = ItemChange("change", "A", "about", (leaf,), ("careful",))
    roles = FieldChange("appRoles", ["x"], ["y"], (item, ItemChange("add", "B")), HERE)
    info = FieldChange("info", {"a": 1}, {"a": 2}, differences=(leaf,))
    assert fields(roles, info) == [
        {
            "path": "appRoles",
            "before": None,
            "after": None,
            "items": [
                {
                    "action": "change",
                    "label": "A",
                    "summary": "about",
                    "fields": [shown],
                    "notes": ["careful"],
                },
                {"action": "add", "label": "B", "summary": "", "fields": [], "notes": []},
            ],
            "differences": [],
            "position": PLACE,
        },
        {
            "path": "info",
            "before": {"a": 1},
            "after": {"a": 2},
            "items": [],
            "differences": [shown],
            "position": None,
        },
    ]


def test_who_gains_and_loses_is_listed() -> None:
    """People and applications apart; a count that nobody knows and a client that is none are null."""
    li = Affected("u1", "li", "direct")
    shown = {"id": "u1", "name": "li", "through": "direct"}
    role = AccessChange("api", "Read", "gain", 2, (li,), API, label="reader", role_id="r")
    scope = AccessChange("api", "user", "lose", None, (), None, "scope", (li, li), client="job")
    base = {"application": "api"}
    objects = Objects(principals={"api": "s", "job": "c"})
    assert parsed(replace(estates.plan(), access=(role, scope), objects=objects))["access"] == [
        {
            **base,
            "kind": "role",
            "role": "Read",
            "label": "reader",
            "client": None,
            "action": "gain",
            "count": 2,
            "people": [shown],
            "applicationCount": 0,
            "applications": [],
            "ids": {"resource": "s", "role": "r", "client": None},
        },
        {
            **base,
            "kind": "scope",
            "role": "user",
            "label": "",
            "client": "job",
            "action": "lose",
            "count": None,
            "people": [],
            "applicationCount": 2,
            "applications": [shown, shown],
            "ids": {"resource": "s", "role": None, "client": "c"},
        },
    ]


def test_each_key_has_its_objects_and_what_proves_them() -> None:
    """A key of which something is withheld is marked; a deployer is listed by name and ids."""
    keys = (KeyObject("api", "o", "a", "s", "pin"), KeyObject("job"))
    plan = replace(
        estates.plan(),
        withheld=(Withheld("w", "r", Address("application", "job")),),
        objects=Objects(keys=keys, deployers=(Deployer("ci", "d", "b"),)),
    )
    found = parsed(plan)
    none = dict.fromkeys(("object", "appId", "servicePrincipal"))
    assert found["keys"] == [
        {
            "key": "api",
            "object": "o",
            "appId": "a",
            "servicePrincipal": "s",
            "proof": "pin",
            "withheld": False,
        },
        {"key": "job", **none, "proof": "none", "withheld": True},
    ]
    assert found["deployers"] == [{"name": "ci", "id": "d", "appId": "b"}]


def test_what_is_said_is_listed_with_its_place() -> None:
    """Warnings, refusals, what is withheld and what is of risk, about something or about all."""
    plan = replace(
        estates.plan(),
        warnings=(Notice("w", API, HERE), Notice(BROKEN)),
        refusals=(Refusal("many", "r", API, HERE), Refusal("", "s", blocks=False)),
        withheld=(Withheld("h", "do", API, HERE), Withheld("i", "")),
        effects=(Effect("guard", "e", API, HERE),),
    )
    about, nothing = {"address": SUBJECT, "position": PLACE}, {"address": None, "position": None}
    found = parsed(plan)
    assert found["warnings"] == [{"message": "w", **about}, {"message": MENDED, **nothing}]
    assert found["refusals"] == [
        {"word": "many", "message": "r", "blocks": True, **about},
        {"word": "", "message": "s", "blocks": False, **nothing},
    ]
    assert found["withheld"] == [
        {"message": "h", "remedy": "do", **about},
        {"message": "i", "remedy": "", **nothing},
    ]
    assert found["effects"] == [{"type": "guard", "risk": "high", "text": "e", **about}]
    assert (found["blocked"], found["summary"]["withheld"]) == (True, 2)


def test_requests_are_shown_as_they_will_be_sent() -> None:
    """With what is not known yet as text, and the steps that come before in order."""
    path = Text(("/applications/", Ref(API)))
    steps = (
        Step("a", (API,), Phase.CREATE, Request("POST", "/applications", {"secretText": "s", "n": Ref(API)})),
        Step("b", (API,), Phase.EDIT, Request("PATCH", path, None, beta=True), needs=frozenset("zyxwvuta")),
    )
    found = parsed(replace(estates.plan(), steps=steps), show_requests=True)
    assert (found["steps"], found["apply"]["requests"]) == (2, 2)
    first, second = found["requests"]
    assert (first["step"], first["method"], first["path"], first["needs"]) == (
        "a",
        "POST",
        "/applications",
        [],
    )
    assert first["body"]["secretText"] == "(secret)"
    assert second["path"].startswith("/beta/applications/")
    assert (second["body"], second["needs"]) == (None, [*"atuvwxyz"])
