"""The JSON of a plan and its published schema."""

from __future__ import annotations

import json as jsonlib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.graph.request import Request
from entra_config.plan.model import FieldChange, ItemChange, Notice, Plan, Refusal, Release, Restore, Update
from entra_config.plan.steps import Phase, Step
from entra_config.report import json, schemas
from entra_config.resource import Ref, Text
from tests.unit.report.plans import API, HERE, resource, steps, worked_example

ROOT = Path(__file__).parents[3]
SCHEMA = jsonlib.loads((ROOT / "docs/schemas/plan.schema.json").read_text())


def parsed(plan: Plan, *, show_requests: bool = False) -> dict[str, object]:
    """Render, parse and validate a plan."""
    found = jsonlib.loads(json.render(plan, show_requests=show_requests))
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", sorted(schemas.DOCUMENTS))
def test_the_schema_of_each_document_is_a_schema(name: str) -> None:
    """Its keywords are those of JSON Schema."""
    jsonschema.Draft202012Validator.check_schema(schemas.build(name))


def test_the_schema_is_a_schema() -> None:
    """The published file is valid JSON Schema and refuses what the document does not have."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    found = parsed(worked_example()) | {"more": 1}

    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(found)


def test_the_worked_example_as_json() -> None:
    """Counts, addresses, places and people are where the schema says."""
    found = jsonlib.loads(json.render(worked_example()))

    assert found["version"] == 4
    assert found["summary"] == {
        "add": 1, "change": 1, "remove": 1, "adopt": 0, "restore": 0, "release": 0, "unchanged": 41,
        "withheld": 0,
        "skipped": 0,
    }  # fmt: skip
    assert found["changes"][0]["address"] == {"kind": "application", "key": "api"}
    assert found["changes"][0]["position"] == {
        "file": "manifests/applications/api.yaml",
        "line": 3,
        "column": 3,
        "item": None,
    }
    assert found["access"][0]["people"][2] == {"id": "3", "name": "li@contoso.com", "through": "direct"}
    assert "requests" not in found


def test_show_requests_adds_them_in_order() -> None:
    """Each request has its step, method, path and body; references read as known after apply."""
    body = {"appId": Ref(API, "appId"), "passwordCredentials": [{"secretText": "s3cr3t"}]}
    step = Step(
        "s",
        (API,),
        Phase.CREATE,
        Request("POST", Text(("/applications/", Ref(API))), body),
        needs=frozenset({"b", "a"}),
    )
    found = parsed(replace(worked_example(), steps=(*steps(1), step)), show_requests=True)

    assert found["requests"][1] == {
        "step": "s",
        "method": "POST",
        "path": "/applications/(known after apply)",
        "body": {"appId": "(known after apply)", "passwordCredentials": [{"secretText": "(secret)"}]},
        "needs": ["a", "b"],
    }


def test_the_same_plan_gives_the_same_bytes() -> None:
    """Sets and sources of order leave no trace: two renderings are equal."""
    assert json.render(worked_example()) == json.render(worked_example())


@given(st.text(st.characters(codec=None), max_size=40))
def test_any_name_makes_a_valid_document(name: str) -> None:
    """Hostile names neither break the document nor reach a terminal raw."""
    api = resource(API, name, name, HERE)
    item = ItemChange("change", name, name, (FieldChange(name, name, {name: [name]}),), (name,))
    nested = FieldChange("y", {}, {name: name}, differences=(FieldChange(name, None, name),))
    plan = replace(
        worked_example(),
        changes=(
            Update(api, api, (FieldChange(name, items=(item,)), nested), (name,), adopts=True),
            Restore(api, api),
            Release(api),
        ),
        warnings=(Notice(name, API, HERE),),
        refusals=(Refusal("many", name, API),),
    )

    assert json.render(plan).isascii()
    assert "\x1b" not in json.render(plan)
    parsed(plan, show_requests=True)
