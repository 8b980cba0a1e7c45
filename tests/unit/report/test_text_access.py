"""Who gains or loses what, at the end of a plan: one sentence where it is short, a line each where it is
long.
"""

from __future__ import annotations

from typing import Literal

from entra_config.plan.model import AccessChange, Create, Plan, TenantInfo
from entra_config.report import text
from entra_config.report.lines import plain
from entra_config.resource import Address, Resource


def gains(number: int) -> tuple[AccessChange, ...]:
    """Return so many gains, each of another API; the last is a loss."""
    signs: list[Literal["gain", "lose"]] = [*["gain"] * (number - 1), "lose"]
    return tuple(AccessChange(f"a{index}", "Reader", sign, 12) for index, sign in enumerate(signs))


def shown(changes: tuple[AccessChange, ...]) -> list[str]:
    """Return the closing lines of a plan with these changes of access."""
    created = Create(Resource(Address("application", "api"), {}))
    plan = Plan("p", "dev", TenantInfo("t", "T"), (created,), (), access=changes)
    lines = plain(text.summary(plan)).splitlines()
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
