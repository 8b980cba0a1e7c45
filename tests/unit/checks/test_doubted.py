"""Which applications are doubted, how that is said, and what they are not given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.checks import trust
from entra_config.checks.rules import trust as rules
from entra_config.checks.trust import Doubt
from entra_config.errors import Position
from entra_config.kinds.base import Grant, application_address
from entra_config.kinds.details import ENTERPRISE_OWNERS, HOLDERS, OWNERS, ObjectOwner, RoleHolding
from entra_config.kinds.directory import Api, Directory, Live, Subject
from entra_config.manifest.model import Application, EnterpriseApplication, Manifest
from entra_config.plan.model import Notice, Withheld
from tests.unit.checks import ruled
from tests.unit.plan.estates import API, manifest

HERE = Position("api.yaml", 3, 1)
ANN, BOB = ObjectOwner("ann", "user", "Ann", "ann@x"), ObjectOwner("bob", "user", "Bob")
UNPROVEN = "nothing proves that it is ours"
ACCEPT = "look, then `entra-config lock -e prod --accept api=a`"
REMOVE = f"remove it, declare it, or {ACCEPT}"
AGAIN = f"plan again once it is gone, or {ACCEPT}"
REJECT = f"{ACCEPT}, or `--reject a`"


def declaring(*, protected: bool = False, **more: Any) -> Manifest:
    """Return a manifest with an API that is declared so."""
    applications = {
        "absent": Application("absent", "api", {}),
        "bare": Application("bare", "api", {}),
        "api": Application("api", "api", {}, position=HERE, **more),
    }
    return replace(manifest(protected=protected), applications=applications)


def holds(principal: str, type_: str, name: str) -> RoleHolding:
    """Return that somebody holds a role of the API."""
    return RoleHolding("1", "r", principal, type_, name, "sp-api", "api")


HOLDING = (
    holds("u", "User", "Ann"),
    holds("sp-job", "ServicePrincipal", "job"),
    holds("x", "ServicePrincipal", "Ext"),
)


def tenant(*owners: ObjectOwner, both: bool = False, **more: Any) -> Directory:
    """Return a tenant where these own the API."""
    body = {"id": "id-api", "appId": "a", "createdDateTime": "2026", "createdByAppId": "m"}
    details: dict[Any, Any] = {OWNERS: owners, HOLDERS: more.pop("holding", ())}
    if both:
        details[ENTERPRISE_OWNERS] = owners
    live = {
        "bare": Live(Subject("bare", None, {"id": "sp-bare"})),
        "api": Live(Subject("api", body, {"id": "sp-api"}), details),
        "job": Live(Subject("job", {"id": "id-job", "appId": "j"}, {"id": "sp-job"})),
    }
    return Directory("https://graph", live=live, names={"m": "Maker"}, **more)


VOUCHED = {"vouched": frozenset({"api"})}
REMOVING: dict[str, Any] = {"owners": ()}
OWNED = "owner ann@x"
GOING = f"{OWNED}, which this plan removes"


@pytest.mark.parametrize(
    ("declared", "directory", "expected"),
    [
        (declaring(), tenant(), None),
        (declaring(protected=True), tenant(), (UNPROVEN, REJECT)),
        (declaring(protected=True), tenant(**VOUCHED), None),
        (declaring(), tenant(ANN), (OWNED, REMOVE)),
        (declaring(), tenant(ANN, **VOUCHED), (OWNED, REMOVE)),
        (declaring(), tenant(ANN, BOB), (f"{OWNED}, owner Bob", REMOVE)),
        (declaring(), tenant(ANN, both=True), ("owner of both its objects ann@x", REMOVE)),
        (declaring(protected=True), tenant(ANN), (f"{OWNED}, {UNPROVEN}", REMOVE)),
        (declaring(**REMOVING), tenant(ANN), (f"{GOING}, {UNPROVEN}", AGAIN)),
        (declaring(**REMOVING), tenant(ANN, **VOUCHED), None),
        (
            declaring(**REMOVING),
            tenant(ANN, both=True, **VOUCHED),
            ("owner of the enterprise application ann@x", REMOVE),
        ),
    ],
)
def test_which_are_doubted(
    declared: Manifest, directory: Directory, expected: tuple[str, str] | None
) -> None:
    """What has undeclared items, and in a protected environment what nothing proves."""
    found = trust.doubts(declared, directory)
    assert found == ({"api": Doubt("api", *expected)} if expected else {})


def test_strangers_that_hold_a_role_of_it() -> None:
    """Applications that are neither ours nor said by their ids."""
    found = trust.doubts(declaring(protected=True), tenant(holding=HOLDING))
    assert found["api"].external == ("'Ext'",)


def said(declared: Manifest, directory: Directory) -> list[Notice]:
    """Return the warnings of what is doubted."""
    doubts = trust.doubts(declared, directory)
    return ruled.of_tenant(rules.credential_undeclared, declared, directory, doubts=doubts)


def test_how_it_is_said() -> None:
    """With who made it, and what a person can do; what a plan removes is said by the plan."""
    made = "created 2026 by application 'Maker' (m)"
    watched = trust.watched(declaring(), tenant(ANN))["api"]
    assert said(declaring(), tenant(ANN)) == [
        Notice(f"api has undeclared items: {OWNED}; {made}; {REMOVE}", API, HERE, watched)
    ]
    assert said(declaring(protected=True), tenant()) == [
        Notice(f"api is doubted: {UNPROVEN}; {made}; {REJECT}", API, HERE)
    ]
    assert said(declaring(**REMOVING), tenant(ANN)) == []
    assert said(declaring(protected=True, **REMOVING), tenant(ANN)) == [
        Notice(f"api has undeclared items: {GOING}, {UNPROVEN}; {made}; {AGAIN}", API, HERE)
    ]


OWN = {key: Api(key, None, "", {}, {}, {}, address=API) for key in ("api", "hr")}
EMPTY = Directory("https://graph", apis=OWN)
DOUBT = Doubt("api", "why", "do this")
HELD = Doubt("api", "why", "do this", ('"Ext"', '"Y"'))


@pytest.mark.parametrize(
    ("grant", "doubt", "message"),
    [
        (Grant("api", "hr", "application", "r"), DOUBT, "api is granted nothing new at hr: why"),
        (Grant("job", "api", "application", "r"), DOUBT, None),
        (
            Grant("job", "api", "application", "r"),
            HELD,
            'api gets no new holder or client: why, and "Ext", "Y" holds a role of it undeclared',
        ),
        (Grant("", "api", "ownership", "", "u"), HELD, None),
        (Grant("job", "hr", "application", "r"), HELD, None),
    ],
)
def test_what_is_withheld(grant: Grant, doubt: Doubt, message: str | None) -> None:
    """For a client that is doubted, and of an API that strangers have a hold of; it may get owners."""
    expected = Withheld(message, "do this", API, HERE) if message else None
    assert ruled.of_grant(grant, declaring(), EMPTY, doubts={"api": doubt}) == expected


def test_a_doubt_of_what_is_not_declared_has_no_line() -> None:
    """Nor has one of an application of others without one; one that is declared has its own."""
    grant = Grant("x", "hr", "application", "r")
    doubts = {"x": Doubt("x", "why", "do this")}
    external = {"x": EnterpriseApplication("x", position=HERE)}
    for declared, position in (
        (declaring(), None),
        (replace(declaring(), enterprise_applications=external), HERE),
    ):
        assert ruled.of_grant(grant, declared, EMPTY, doubts=doubts) == Withheld(
            "x is granted nothing new at hr: why", "do this", application_address("x"), position
        )
