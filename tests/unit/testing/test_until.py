"""`at:` of an access test decides what is over: a role is held on its last day, and not the day after."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.report.lines import format_lines
from entra_config.testing import text
from tests.unit.testing.conftest import MANIFEST, RunTests

BOB = "users: [{ name: bob@contoso.com, until: 2027-01-31 }]"
HEAD = "people: { bob@contoso.com: {} }\ntests:\n"
TEST = (
    "- {{ it: {name}, as: bob@contoso.com, client: page, asks: [api/read], at: {at}, "
    "expect: {{ token: {{ roles: {roles} }} }} }}\n"
)
ROBOT = (
    "- {{ it: {name}, client: robot, asks: [api/.default], flow: clientCredentials, at: {at}, "
    "workload: {{ issuer: https://ci.example.com, subject: main }}, "
    "expect: {{ token: {{ roles: {roles} }} }} }}\n"
)


@pytest.fixture
def ending(folder: Path) -> None:
    """Let the role of a user end, and the consent of a daemon."""
    text = MANIFEST.replace("users: [bob@contoso.com]", BOB)
    text = text.replace(
        "api: { application: [Robot], adminConsent: true }",
        "api: { application: [Robot], adminConsent: [{ name: Robot, until: 2027-01-31 }] }",
    )
    (folder / "manifests/entra-config.yaml").write_text(text)


@pytest.mark.usefixtures("ending")
@pytest.mark.parametrize(
    ("at", "roles", "passes"),
    [
        ("2027-01-31T23:59:59Z", "[Clerk]", True),
        ("2027-01-31T23:59:59Z", "absent", False),
        ("2027-02-01T00:00:00Z", "absent", True),
        ("2027-02-01T00:00:00Z", "[Clerk]", False),
        ("2027-02-01", "absent", True),
        ("2027-02-01T00:30:00+01:00", "[Clerk]", True),
    ],
)
def test_a_role_is_held_on_its_last_day(run_tests: RunTests, at: str, roles: str, passes: bool) -> None:
    """To the last second of it in UTC, whatever the zone of the test."""
    results = run_tests(HEAD + TEST.format(name="holds", at=f'"{at}"', roles=roles))

    assert (not results.failed) is passes


@pytest.mark.usefixtures("ending")
def test_one_file_proves_the_day_before_and_the_day_after(run_tests: RunTests) -> None:
    """Each test has the tenant of its own day, in the order of the file."""
    tests = [
        TEST.format(name="after", at="2027-02-01", roles="absent"),
        TEST.format(name="before", at="2027-01-31", roles="[Clerk]"),
        TEST.format(name="now", at="2026-11-26", roles="[Clerk]"),
        ROBOT.format(name="robot before", at="2027-01-31", roles="[Robot]"),
        ROBOT.format(name="robot after", at="2027-02-01", roles="absent"),
    ]
    results = run_tests(HEAD + "".join(tests))

    assert [each.test.name for each in results.results if each.failures] == [], results
    assert [each.test.name for each in results.results][:3] == ["after", "before", "now"]


@pytest.mark.usefixtures("ending")
@pytest.mark.parametrize(
    ("test", "roles", "what"),
    [
        (TEST, "[Clerk]", "user bob@contoso.com holds Clerk of api"),
        (ROBOT, "[Robot]", "robot has consent to Robot of api"),
    ],
)
def test_what_ended_is_named_as_the_reason(run_tests: RunTests, test: str, roles: str, what: str) -> None:
    """With its last day and its line; before that day nothing is said of it."""
    tests = [test.format(name=at, at=at, roles=roles) for at in ("2027-01-31", "2027-02-01")]
    before, after = run_tests(HEAD + "".join(tests)).results
    assert before.failures == ()
    assert f"{what}: its last day was 31 Jan 2027" in after.failures[0].why
    assert after.failures[0].places


@pytest.mark.usefixtures("ending")
def test_failures_are_counted_as_they_are_printed(run_tests: RunTests) -> None:
    """A test that fails in two environments is one test with two failures, as it has two entries."""
    found = run_tests(HEAD + TEST.format(name="fails", at="2026-11-26", roles="[Nothing]"))
    (result,) = found.results
    twice = replace(found, results=(result, replace(result, environment="prod")))
    lines = format_lines(text.render(twice)).splitlines()
    assert sum(line.startswith("  FAIL  ") for line in lines) == 2
    assert lines[-1] == "1 of 1 access test fails in dev and prod, with 2 failures"
