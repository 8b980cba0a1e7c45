"""Who may send a request: by permissions of any of which one is enough, by ownership, by a person's roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from entra_emulator.graph import authorization
from entra_emulator.graph.call import Call
from entra_emulator.graph.errors import ODataError
from entra_emulator.graph.permissions import RequiredPermissions

ALL, OWN, READ = "All", "Own", "Read"
NEEDS = RequiredPermissions(frozenset({ALL, "More"}), owned=frozenset({OWN}))
ALSO = RequiredPermissions(frozenset({ALL}), owned=frozenset({OWN}), also=frozenset({READ, "Others"}))
ADMINS = RequiredPermissions(frozenset({ALL}), owned=frozenset({OWN}), admins=frozenset({"Admin", "Other"}))
ONLY = RequiredPermissions(frozenset({ALL}), admins=frozenset({"Admin", "Other"}), admins_only=True)


@dataclass
class Caller:
    """Who calls."""

    kind: str
    permissions: frozenset[str]
    directory_roles: frozenset[str] = frozenset()


@dataclass
class Requested:
    """A request as permissions see it."""

    caller: Caller
    segments: list[str] = field(default_factory=lambda: ["applications"])
    owned_only: bool = False


def checked(access: RequiredPermissions, kind: str, held: str, roles: str = "", segments: Any = None) -> str:
    """Return how far a caller reaches: all, its own, or no further."""
    caller = Caller(kind, frozenset(held.split()), frozenset(roles.split()))
    call = Requested(caller, segments or ["applications"])
    try:
        authorization.check(cast("Call", call), access)
    except ODataError as refused:
        return str(refused.status)
    return "own" if call.owned_only else "all"


@pytest.mark.parametrize(
    ("access", "held", "expected"),
    [
        (NEEDS, "", "403"),
        (NEEDS, "Else", "403"),
        (NEEDS, ALL, "all"),
        (NEEDS, "More Else", "all"),
        (NEEDS, OWN, "own"),
        (NEEDS, f"{OWN} {ALL}", "all"),
        (ALSO, ALL, "403"),
        (ALSO, READ, "403"),
        (ALSO, f"{READ} {ALL}", "all"),
        (ALSO, f"Others {OWN}", "own"),
        (ALSO, OWN, "403"),
        (ADMINS, ALL, "all"),
        (ONLY, ALL, "all"),
        (ONLY, "", "403"),
        (RequiredPermissions(frozenset()), "", "all"),
    ],
)
def test_an_application_reaches_as_far_as_its_permissions(
    access: RequiredPermissions, held: str, expected: str
) -> None:
    """Directory roles are a person's."""
    assert checked(access, "app", held) == expected


@pytest.mark.parametrize(
    ("access", "held", "roles", "expected"),
    [
        (NEEDS, ALL, "", "all"),
        (NEEDS, OWN, "Admin", "own"),
        (ADMINS, ALL, "", "own"),
        (ADMINS, ALL, "Reader", "own"),
        (ADMINS, ALL, "Reader Other", "all"),
        (ADMINS, OWN, "Admin", "own"),
        (ADMINS, "", "Admin", "403"),
        (ONLY, ALL, "", "403"),
        (ONLY, ALL, "Reader", "403"),
        (ONLY, ALL, "Admin", "all"),
    ],
)
def test_a_person_s_client_reaches_no_further_than_the_person(
    access: RequiredPermissions, held: str, roles: str, expected: str
) -> None:
    """What takes a directory role is refused without one, or goes as far as what is the person's own."""
    assert checked(access, "user", held, roles) == expected


@pytest.mark.parametrize("word", ["me", "Me"])
def test_an_application_is_nobody(word: str) -> None:
    """Whatever it may; a person is."""
    assert checked(NEEDS, "app", ALL, segments=[word]) == "400"
    assert checked(NEEDS, "user", ALL, segments=[word]) == "all"


def test_what_is_a_signed_in_person_s_alone() -> None:
    """An application by itself is refused."""
    person = Requested(Caller("user", frozenset()))
    authorization.require_user(cast("Call", person))
    with pytest.raises(ODataError):
        authorization.require_user(cast("Call", Requested(Caller("app", frozenset({ALL})))))
