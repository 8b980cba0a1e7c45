"""What the rest of a saved plan needs is kept, and what was not approved in it is named."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from entra_config.apply import saved as saving
from entra_config.kinds.facts import ApplicationFacts
from entra_config.plan import file
from entra_config.plan.model import (
    Afterwards,
    Create,
    Delete,
    FieldChange,
    Plan,
    Refusal,
    Update,
)
from entra_config.resource import Resource
from tests.unit.plan.plans import API, BEFORE, NAME, OTHER, PLAN, ROLES, SPA

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
        # A limit stops the rest by itself, unless a word of `--allow` lifts it.
        (dataclasses.replace(REST, refusals=(Refusal("last", "the last", SPA),)), []),
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
