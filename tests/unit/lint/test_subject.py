"""What rules ask of an application, wherever it was read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.lint.subject import (
    Federated,
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


def test_redirect_uris_are_of_platforms() -> None:
    """Hold that those of others are left out."""
    web, spa, mobile = (
        Redirect("web", "https://a"),
        Redirect("spa", "https://b"),
        Redirect("mobileAndDesktop", "x"),
    )
    subject = replace(BARE, redirects=(web, spa, mobile))

    assert (list(subject.on("web", "mobileAndDesktop")), list(subject.on())) == ([web, mobile], [])


@pytest.mark.parametrize(("value", "public"), [(True, True), (False, False), (None, False), ("true", False)])
def test_a_client_is_public_where_the_switch_is_on(value: Any, public: bool) -> None:
    """Hold that only true is on."""
    assert of("isFallbackPublicClient", value).public is public


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


@pytest.mark.parametrize(
    ("enterprise", "required"),
    [
        (None, False),
        ({}, False),
        ({"appRoleAssignmentRequired": Placed(False)}, False),
        ({"appRoleAssignmentRequired": Placed(True)}, True),
    ],
)
def test_only_who_is_assigned_gets_in(enterprise: Any, required: bool) -> None:
    """Hold that whoever has no enterprise application, or does not say so, lets everybody in."""
    assert replace(BARE, enterprise=enterprise).assignment_required is required


def test_a_workload_stands_at_the_first_field_that_is_written() -> None:
    """Hold that it is the whole where none is."""
    workload = Federated("w", "i", "s", "a", APP, {"subject": HERE, "issuer": Position("m.yaml", 8)})

    assert workload.spot("audience", "subject", "issuer") == HERE
    assert workload.spot("audience") == workload.spot() == APP
