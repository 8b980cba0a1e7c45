"""Who gains or loses what, at the end of a plan: one sentence where it is short, a line each where it is
long.
"""

from __future__ import annotations

from typing import Literal

from entra_config.plan.model import (
    AccessChange,
    Affected,
    Create,
    Delete,
    Plan,
    TenantInfo,
)
from entra_config.report import text
from entra_config.report.lines import format_lines
from entra_config.resource import Address, Resource
from tests.unit.report.plans import API, plan_of, resource


def gains(number: int) -> tuple[AccessChange, ...]:
    """Return so many gains, each of another API; the last is a loss."""
    signs: list[Literal["gain", "lose"]] = [*["gain"] * (number - 1), "lose"]
    return tuple(AccessChange(f"a{index}", "Reader", sign, 12) for index, sign in enumerate(signs))


def shown(changes: tuple[AccessChange, ...]) -> list[str]:
    """Return the closing lines of a plan with these changes of access."""
    created = Create(Resource(Address("application", "api"), {}))
    plan = Plan("p", "dev", TenantInfo("t", "T"), (created,), (), access=changes)
    lines = format_lines(text.summary(plan)).splitlines()
    return lines[[line.startswith("Access:") for line in lines].index(True) :]


def test_six_are_a_sentence() -> None:
    """Losses first; the noun once."""
    more = ", ".join(f"12 gain a{index}/Reader" for index in range(5))
    assert shown(gains(6)) == [f"Access: 12 people lose a5/Reader, {more}."]


def test_seven_are_a_table() -> None:
    """A table, losses first."""
    assert shown(gains(7)) == [
        "Access:",
        "  12 people  lose  a6/Reader",
        *(f"  12 people  gain  a{index}/Reader" for index in range(6)),
    ]


def test_applications_that_gain_a_role_are_no_people() -> None:
    """A daemon's consent reads as one application."""
    nightly = Affected("nightly", "nightly", "application")
    gain = AccessChange("api", "Writer", "gain", 0, applications=(nightly,))
    both = AccessChange("api", "Admin", "lose", 2, (), applications=(nightly,), label="Boss")
    shown = text.render(plan_of(Delete(resource(API, "api")), access=(gain, both)))

    assert "Access: 2 people and 1 application lose Admin (Boss), 1 application gains Writer." in shown


def test_sign_in_that_goes_without_saying_is_not_said() -> None:
    """Whoever gains a role may sign in by it; whoever loses the last one is told to be out."""
    ann, bob = Affected("1", "ann@contoso.com", "direct"), Affected("2", "bob@contoso.com", "direct")
    gains = (
        AccessChange("api", "Writer", "gain", 1, (ann,)),
        AccessChange("api", "default", "gain", 1, (ann,), kind="signIn"),
    )
    loses = AccessChange("api", "default", "lose", 1, (bob,), kind="signIn")
    closed = AccessChange("spa", "default", "lose", None, kind="signIn")
    shown = text.render(plan_of(Delete(resource(API, "api")), access=(*gains, loses, closed)))

    assert (
        "Access: 1 person can no longer sign in to api, an unknown number of people can no longer sign in "
        "to spa, "
        "1 person gains api/Writer." in shown
    )


def test_consents_are_told_by_client() -> None:
    """A client that gains three scopes is one clause."""
    spa = (Affected("9", "spa", "application"),)
    gains = [
        AccessChange("api", name, "gain", 0, kind="scope", applications=spa, client="spa")
        for name in ("read", "write")
    ]
    shown = text.render(plan_of(Delete(resource(API, "api")), access=tuple(gains)))

    assert "Access: spa gains read, write of api." in shown
