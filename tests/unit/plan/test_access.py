"""Which changes of access are told: no sign-in that goes without saying."""

from __future__ import annotations

from typing import Literal

import pytest

from entra_config.plan import access
from entra_config.plan.model import AccessChange, Affected

ANN, BOB = Affected("ann", "ann@contoso.com", "direct"), Affected("bob", "bob@contoso.com", "direct")
JOB = Affected("job", "job", "direct")


def change(
    kind: Literal["role", "signIn"],
    *people: Affected,
    sign: Literal["gain", "lose"] = "gain",
    at: str = "api",
    count: int = 0,
    applications: tuple[Affected, ...] = (),
) -> AccessChange:
    """Return one change; `count` is how many people are not named."""
    return AccessChange(at, "r", sign, len(people) + count, people, kind=kind, applications=applications)


@pytest.mark.parametrize(
    ("role", "sign_in", "told"),
    [
        (change("role", ANN, BOB), change("signIn", ANN), False),
        (change("role", ANN), change("signIn", ANN), False),
        (change("role", ANN, applications=(JOB,)), change("signIn", ANN, applications=(JOB,)), False),
        (change("role", ANN), change("signIn", ANN, applications=(JOB,)), True),
        (change("role", ANN), change("signIn", ANN, BOB), True),
        (change("role", ANN), change("signIn", ANN, count=1), True),
        (change("role", ANN, at="other"), change("signIn", ANN), True),
        (change("role", ANN, sign="lose"), change("signIn", ANN), True),
        (change("role", ANN), change("signIn", ANN, sign="lose"), True),
        (change("signIn", ANN), change("signIn", ANN), True),
    ],
)
def test_a_sign_in_is_told_unless_a_role_says_it(
    role: AccessChange, sign_in: AccessChange, *, told: bool
) -> None:
    """Whoever gains a role of it may sign in by that: all of them, at the same application."""
    assert access.telling([role, sign_in])[-1:] == ([sign_in] if told else [role])
    assert access.telling([role]) == [role]
    two = change("role", BOB)
    assert access.telling([change("role", ANN), two, change("signIn", ANN, BOB)]) == [
        change("role", ANN),
        two,
    ]
