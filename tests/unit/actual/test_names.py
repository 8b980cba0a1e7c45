"""Who the names of a manifest mean, of what was read, and which are doubled."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.actual import names
from entra_config.actual.fetch import Responses
from entra_config.errors import Position, Problem
from entra_config.kinds.directory import Principal
from entra_config.manifest.model import Manifest, Named
from tests.unit.actual.named import (
    APP,
    GROUP,
    HERE,
    HR,
    HR_BODY,
    LI,
    LI_BODY,
    MARKED,
    SP,
    TAGS,
    USER,
    declared,
    item,
    read,
)


@pytest.mark.parametrize(
    ("body", "type_", "principal"),
    [
        (item(USER, "1", "Li", userPrincipalName="li@x"), "", Principal("1", "li@x", USER)),
        ({"id": "1", "displayName": "Li", "userPrincipalName": "li@x"}, USER, Principal("1", "li@x", USER)),
        (item(USER, "1", "Li"), "", Principal("1", "Li", USER)),
        ({"id": "1", "userPrincipalName": None, "displayName": None}, USER, Principal("1", "1", USER)),
        (item(GROUP, "1", "HR", userPrincipalName="hr@x"), "", Principal("1", "HR", GROUP)),
        (item(SP, "1", "HR", appOwnerOrganizationId="o"), "", Principal("1", "HR", SP, "o")),
        (item(SP, "1", "HR", appOwnerOrganizationId=None), "", Principal("1", "HR", SP)),
        (item(SP, "1", "HR", tags=TAGS), "", Principal("1", "HR", SP, "", MARKED)),
        (item(GROUP, "1", "HR", tags=TAGS), "", Principal("1", "HR", GROUP)),
        (item(SP, "1", "HR", tags=[*TAGS, "entra-config:owner=x/y"]), "", Principal("1", "HR", SP)),
        (item(SP, "1", "HR", tags=[*TAGS, "entra-config:key=x"]), "", Principal("1", "HR", SP)),
        (item(SP, "1", "HR", tags=TAGS[1:]), "", Principal("1", "HR", SP)),
        (item(GROUP, "1", "HR"), SP, Principal("1", "HR", SP)),
        ({"id": "1", "displayName": "HR"}, "", Principal("1", "HR", "")),
    ],
)
def test_an_object_is_called_as_a_manifest_would(
    body: dict[str, Any], type_: str, principal: Principal
) -> None:
    """A user by UPN, else by the display name; marks of one owner and one key name an application."""
    assert names.principal(body, type_) == principal


def test_marks_are_compared_letter_for_letter() -> None:
    """Whoever bears nearly the same is another."""
    near = [
        item(SP, "1", tags=TAGS),
        item(SP, "2", tags=["entra-config:owner=Other/prod", TAGS[1]]),
        item(SP, "3"),
    ]
    assert names.marked(near, MARKED) == {"1": Principal("1", "1", SP, "", MARKED)}


MANY = [{"id": id_, "displayName": "HR"} for id_ in ("h", "g", "i")]
DOUBLED = Problem(HERE, "the tenant has several objects named 'HR' (g, h, i): give the id")
PAIR = Principal("s2", "HR", SP, "", MARKED)


@pytest.mark.parametrize(
    ("manifest", "responses", "found", "problems"),
    [
        pytest.param(
            declared(users=(Named("li@x"),)),
            read(bearers={(USER, "li@x"): [LI_BODY]}),
            {(USER, "li@x"): LI},
            [],
            id="u",
        ),
        pytest.param(declared(users=(Named("li@x"),)), read(), {}, [], id="nobody"),
        pytest.param(
            declared(users=(Named("bo@x", "u"),)),
            read(item(USER, "u", userPrincipalName="li@x"), bearers={(USER, "bo@x"): MANY}),
            {(USER, "u"): LI},
            [],
            id="an id decides",
        ),
        pytest.param(
            declared(users=(Named("li@x", "v"),)),
            read(bearers={(USER, "li@x"): [LI_BODY]}),
            {},
            [],
            id="id gone",
        ),
        pytest.param(
            declared(groups=(Named("HR", position=HERE), Named("HR", position=HERE))),
            read(bearers={(GROUP, "HR"): MANY}),
            {},
            [DOUBLED],
            id="doubled, told once",
        ),
        pytest.param(
            declared(groups=(Named("HR", position=HERE), Named("Audit"))),
            read(bearers={(GROUP, "HR"): MANY, (GROUP, "Audit"): [HR_BODY]}),
            {(GROUP, "Audit"): HR},
            [DOUBLED],
            id="one after a doubled one",
        ),
        pytest.param(
            declared(deployers=(Named("HR"),)),
            read(bearers={(GROUP, "HR"): [HR_BODY]}),
            {(GROUP, "HR"): HR, (SP, "HR"): HR},
            [],
            id="a deployer is found as either",
        ),
        pytest.param(
            declared(deployers=(Named("a1", by_app_id=True),)),
            read(bearers={("appId", "a1"): [{"id": "s", "displayName": "HR"}]}),
            {("appId", "a1"): APP, (SP, "a1"): APP},
            [],
            id="a fleet's client",
        ),
        pytest.param(
            declared(apps=(Named(MARKED, by_marks=True),)),
            read(bearers={("marks", MARKED): [{"id": "s2", "displayName": "HR", "tags": TAGS}]}),
            {(SP, MARKED): PAIR},
            [],
            id="by marks",
        ),
        pytest.param(
            declared(apps=(Named(MARKED),)),
            read(bearers={("marks", MARKED): [{"id": "s2", "displayName": "HR", "tags": TAGS}]}),
            {},
            [],
            id="no marks",
        ),
        pytest.param(
            declared(apps=(Named(MARKED, by_marks=True, position=HERE),)),
            read(
                bearers={
                    (SP, MARKED): [{"id": "s3", "displayName": MARKED}],
                    ("marks", MARKED): [{"id": "s2", "displayName": "HR", "tags": TAGS}],
                }
            ),
            {},
            [Problem(HERE, f"the tenant has several objects named '{MARKED}' (s2, s3): give the id")],
            id="one by name, one by marks",
        ),
        pytest.param(
            declared(written=declared(groups=(Named("HR"), Named("Audit"))), groups=(Named("Audit"),)),
            read(bearers={(GROUP, "HR"): MANY, (GROUP, "Audit"): [HR_BODY]}),
            {(GROUP, "Audit"): HR},
            [],
            id="over, and doubled",
        ),
        pytest.param(
            declared(written=declared(groups=(Named("HR"), Named("Old"))), groups=()),
            read(bearers={(GROUP, "HR"): MANY, (GROUP, "Old"): [HR_BODY]}),
            {(GROUP, "Old"): HR},
            [],
            id="over, and known",
        ),
    ],
)
def test_a_name_means_the_one_object_that_bears_it(
    manifest: Manifest, responses: Responses, found: names.Principals, problems: list[Problem]
) -> None:
    """An id decides where there is one; several of a name are a problem, once."""
    assert names.principals(manifest, responses) == (found, problems)


def test_two_whose_time_is_over_mean_nobody() -> None:
    """Whoever of them holds it is listed nowhere; what else is over is found."""
    over = declared(written=declared(groups=(Named("HR"), Named("Old"))))
    responses = read(bearers={(GROUP, "HR"): MANY[:2], (GROUP, "Old"): [HR_BODY]})
    assert names.principals(over, responses) == ({(GROUP, "Old"): HR}, [])


def test_problems_are_told_in_order() -> None:
    """By place, whatever the order of the lists."""
    places = [Position("a.yaml", line) for line in (9, 2, 5)]
    groups = tuple(Named("HR", position=place) for place in places)
    _, problems = names.principals(declared(groups=groups), read(bearers={(GROUP, "HR"): MANY}))
    assert [each.position for each in problems] == sorted(places)
