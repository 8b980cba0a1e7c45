"""What rules ask of an application, wherever it was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.lint.subject import (
    LintSubject,
    Placed,
    Redirect,
    SubjectRole,
    SubjectScope,
)

APP, HERE = Position("m.yaml", 5), Position("m.yaml", 9)
BARE = LintSubject("app", "App", "web", APP)


def of(path: str, value: Any) -> LintSubject:
    """Return an application with one setting."""
    return replace(BARE, settings={path: Placed(value, HERE)})


def test_a_setting_has_a_value_and_a_place() -> None:
    """Hold that what is not said has none, and stands at the application; so does one without a place."""
    subject = replace(BARE, settings={"a": Placed(1, HERE), "b": Placed(0)})

    assert [subject.value(path) for path in ("a", "b", "c")] == [1, 0, None]
    assert [subject.spot(path) for path in ("a", "b", "c")] == [HERE, APP, APP]


@pytest.mark.parametrize(
    ("audience", "several"),
    [
        ("AzureADMultipleOrgs", True),
        ("AzureADandPersonalMicrosoftAccount", True),
        ("AzureADMyOrg", False),
        ("PersonalMicrosoftAccount", False),
        (None, False),
    ],
)
def test_people_of_other_organizations_may_sign_in(audience: str | None, several: bool) -> None:
    """Hold that personal accounts alone are no organization."""
    assert of("signInAudience", audience).multitenant is several


@pytest.mark.parametrize(
    ("subject", "signs_in"),
    [
        (BARE, False),
        (replace(BARE, redirects=(Redirect("web", "https://a"),)), True),
        (replace(BARE, roles=(SubjectRole("r", "r", ()),)), True),
        (replace(BARE, scopes=(SubjectScope("s", False),)), True),
        (of("isFallbackPublicClient", True), True),
    ],
    ids=["nothing", "a page", "roles", "scopes", "a public client"],
)
def test_people_sign_in_to_it_or_for_it(subject: LintSubject, signs_in: bool) -> None:
    """Hold that one thing of it is enough."""
    assert subject.signs_in is signs_in
