"""Which guards a change of a manifest lowers, each with its words and its place, and what lowers none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest import guards
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.fields.sinks.file import FileSink
from entra_config.manifest.model import (
    Application,
    EnterpriseApplication,
    Given,
    Manifest,
    Named,
    RoleAssignees,
    Setting,
)
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.policy import Acknowledged, Limits, Policy, Removed
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.phrase import without_names
from tests.unit.plan.estates import TENANT, manifest

HERE, THERE = Position("a.yaml", 3, 1), Position("b.yaml", 7, 1)
BASE = manifest()
ADMIN = ("api", "Admin")


def lowered(old: Manifest, new: Manifest) -> list[tuple[str, Position | None]]:
    """Return each guard that is lower, in words, and where."""
    return [(str(each.text), each.position) for each in guards.lowered(old, new)]


def check(key: Any, old: Any, new: Any, *expected: tuple[str, Position | None]) -> None:
    """Compare what one change lowers; what stays as it is lowers nothing."""
    before, after = replace(BASE, **{key: old}), replace(BASE, **{key: new})
    assert lowered(before, after) == list(expected)
    assert lowered(before, before) == lowered(after, after) == []


def deployer(name: str, id_: str | None = None) -> Named:
    """Return who deploys."""
    return Named(name, id_, HERE)


COUNTS = ("`deployers` names nobody any more: whoever is signed in counts as one", None)


def owner(shown: str) -> tuple[str, Position | None]:
    """Return what is said of one deployer more."""
    return f"deployer {shown}: never removed as an owner, and what it makes is ours", HERE


FILE = FileSink("s", {"path": "/a"}, HERE)
ACKNOWLEDGED = Acknowledged("app-1", frozenset({"C", "A"}), frozenset({"B"}))


@pytest.mark.parametrize(
    ("key", "old", "new", "expected"),
    [
        ("protected", True, False, [("environment prod is no longer protected", None)]),
        ("tenant_id", TENANT, "t2", [(f"environment prod is of tenant t2, and was of {TENANT}", None)]),
        ("authority", "", "https://a", [("people of prod sign in at https://a", None)]),
        ("authority", "https://a", "", [("people of prod sign in at their cloud", None)]),
        ("deployers", (deployer("ci"),), None, [COUNTS]),
        ("deployers", (), None, []),
        ("deployers", None, (deployer("ci"),), [owner("'ci'")]),
        ("deployers", (deployer("ci"),), (deployer("ci"), deployer("li@a", "1")), [owner("'li@a'")]),
        ("deployers", (deployer("ci", "1"),), (deployer("ci", "2"),), [owner("'ci'")]),
        ("sinks", {}, {"s": FILE}, [("sink s: a secret is kept at file /a", HERE)]),
        (
            "sinks",
            {"s": replace(FILE, fields={"path": "/b"})},
            {"s": FILE},
            [("sink s: a secret is kept at file /a, and was file /b", HERE)],
        ),
        ("acknowledged", {}, {"k": (ACKNOWLEDGED,)}, [("acknowledged at k: app-1 holds A, B, C", None)]),
        (
            "acknowledged",
            {"k": (ACKNOWLEDGED,)},
            {"k": (ACKNOWLEDGED, replace(ACKNOWLEDGED, app_id="app-2"))},
            [("acknowledged at k: app-2 holds A, B, C", None)],
        ),
    ],
)
def test_an_environment(key: str, old: Any, new: Any, expected: Any) -> None:
    """No longer protected, elsewhere, one deployer more, another place of secrets, something of others."""
    check(key, old, new, *expected)


SECRET = DeclaredSecret("s", "vault", timedelta(90), timedelta(10), HERE)
GONE = "`adminConsent` of api at graph is said no longer: what somebody consents to stays"


def permission(delegated: Any = None, application: Any = None) -> Mapping[str, ApiPermission]:
    """Return what is consented to at one API."""
    found = ApiPermission("graph", False, delegated_consent=delegated, application_consent=application)
    return {"graph": found}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"prevent_destroy": True}, {}, ["api may be destroyed: `preventDestroy` is gone"]),
        ({"ignore_changes": ("a",)}, {"ignore_changes": ("a", "b", "c")}, ["api ignores changes of b, c"]),
        ({"settings": {RESTRICTIONS: Setting({})}}, {},
         ["`allowedTenants` of api is declared no longer: changes are not reported"]),
        ({"api_permissions": permission(frozenset())}, {"api_permissions": permission()}, [GONE]),
        ({"api_permissions": permission(None, frozenset("a"))}, {"api_permissions": permission()}, [GONE]),
        ({"api_permissions": permission(frozenset("ab"))},
         {"api_permissions": permission(frozenset("a"), frozenset())}, []),
        ({}, {"api_permissions": permission()}, []),
    ],
)  # fmt: skip
def test_an_application(old: Any, new: Any, expected: list[str]) -> None:
    """It may be destroyed, or what was compared is left to anybody."""
    app = Application("api", "api", {}, position=HERE)
    was, now = ({"api": replace(app, **each)} for each in (old, new))
    check("applications", was, now, *((text, HERE) for text in expected))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"s": SECRET}, "secret s of api is kept in sink vault"),
        ({"s": replace(SECRET, sink="file")}, {"s": SECRET}, "secret s of api is kept in sink vault"),
        ({"s": replace(SECRET, lifetime=timedelta(1))}, {"s": SECRET}, ""),
    ],
)
def test_where_a_secret_is_kept(old: Any, new: Any, expected: str) -> None:
    """A new one, or one that is kept elsewhere, stands at its own line."""
    was, now = ({"api": Application("api", "api", {}, secrets=each)} for each in (old, new))
    check("applications", was, now, *([(expected, HERE)] if expected else []))


@pytest.mark.parametrize("position", [HERE, None])
def test_an_application_that_is_declared_no_more(position: Position | None) -> None:
    """Only one that was not to be destroyed had a guard; where it is said to be removed is the place."""
    removed = {"api": Removed("api", True, position)} if position else {}
    new = replace(BASE, applications={}, removed=removed)
    told = ("api is declared no more, and its `preventDestroy` with it", position)
    assert lowered(manifest(prevent_destroy=True), new) == [told]
    assert lowered(BASE, new) == []
    other = Application("other", "api", {}, prevent_destroy=True)
    old = replace(BASE, applications={"api": BASE.applications["api"], "other": other})
    assert lowered(old, new) == [("other is declared no more, and its `preventDestroy` with it", None)]


def holders(**more: Any) -> Mapping[tuple[str, str], RoleAssignees]:
    """Return who holds one role."""
    return {ADMIN: RoleAssignees("api", "Admin", position=HERE, **more)}


ONLY_ADDED = ("api/Admin is only added to: who else is given it keeps it", HERE)
OTHERS = "`servicePrincipals` of api/Admin are said no longer: which others' applications hold it stays"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (holders(), holders(additive=True), [ONLY_ADDED]),
        ({}, holders(additive=True), []),
        (holders(service_principals=()), holders(), [(OTHERS, HERE)]),
        (holders(service_principals=()), {}, [(OTHERS, None)]),
        (holders(), {}, []),
        (holders(service_principals=(Named("a"),)), holders(service_principals=()), []),
    ],
)
def test_who_holds_roles(old: Any, new: Any, expected: Any) -> None:
    """Only added to, or those of others said no longer."""
    check("assignments", old, new, *expected)
    gone = replace(BASE, applications={}, assignments=new)
    assert OTHERS not in dict(lowered(replace(BASE, assignments=old), gone))


def test_whose_holders_are_said_no_longer() -> None:
    """Of each application that is there still, in the order of their keys."""
    keys = [f"k{number}" for number in range(9)]
    applications = {key: Application(key, "api", {}, position=HERE) for key in keys}
    others = {"other": EnterpriseApplication("other", position=THERE)}
    old = replace(
        BASE, applications=applications, enterprise_applications=others, listed=frozenset({*keys, "other", "gone"})
    )  # fmt: skip
    said = "`appRoleAssignments` says no longer who holds roles of"
    assert lowered(old, replace(old, listed=frozenset())) == [
        *((f"{said} {key}", HERE) for key in keys),
        (f"{said} other", None),
    ]


def test_what_grants_say_no_longer() -> None:
    """By who holds it and where."""
    one, other = Given(Named("ci"), "graph"), Given(Named("ci"), "vault")
    text = "`grants` says no longer what ci holds at vault: it keeps what it was given; only `absent` takes it away"
    check("grants", (one, other), (one,), (text, None))
    check("grants", (one,), (replace(one, application=("A",)),))


def test_an_end_that_is_later() -> None:
    """Or gone: both days are told."""
    before, after = date(2027, 1, 1), date(2027, 2, 1)

    def until(day: date | None) -> Any:
        return holders(users=(Named("li", position=THERE, until=day),))

    later = ("user li holds Admin of api until 1 Feb 2027, and was until 1 Jan 2027", THERE)
    gone = ("user li holds Admin of api for good, and was until 1 Jan 2027", THERE)
    check("assignments", until(before), until(after), later)
    check("assignments", until(before), until(None), gone)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Policy(), Policy(allow=frozenset({"b", "a"})),
         ["`policy.allow` lifts a each time", "`policy.allow` lifts b each time"]),
        (Policy(), Policy(limits=Limits(11, 10, 31, 2)),
         ["`policy.limits`: maxPeople 10 → 11", "`policy.limits`: maxRemovedPercent 30 → 31"]),
        (Policy(), Policy(consent={"graph": {"delegated": frozenset("ba"), "application": frozenset()}}),
         ["`policy.consent` lists a, b (delegated) of graph"]),
        (Policy(consent={"graph": {"delegated": frozenset("a")}}),
         Policy(consent={"graph": {"delegated": frozenset("ab"), "application": frozenset("a")}}),
         ["`policy.consent` lists b (delegated) of graph", "`policy.consent` lists a (application) of graph"]),
    ],
)  # fmt: skip
def test_the_policy(old: Policy, new: Policy, expected: list[str]) -> None:
    """One word lifted, a limit raised, a consent listed."""
    floor = [f"`policy.limits`: floor {new.limits.floor} → 3"] if new.limits.floor < 3 else []
    before, after = replace(BASE, policy=old), replace(BASE, policy=new)
    assert lowered(before, after) == [(text, None) for text in expected]
    assert lowered(after, before) == [(text, None) for text in floor]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (EnterpriseApplication("k", app_id="1"), EnterpriseApplication("k", app_id="2", position=HERE),
         ("`policy.consent` of k is about 2 now, and was about 1", HERE)),
        (EnterpriseApplication("k", named=Named("A", "1")), EnterpriseApplication("k", named=Named("A")),
         ("`policy.consent` of k is about A now, and was about A 1", None)),
        (EnterpriseApplication("k", app_id="1", named=Named("1")), None,
         ("`policy.consent` of k is about nothing now, and was about 1", None)),
        (None, EnterpriseApplication("k", app_id="1"), None),
    ],
)  # fmt: skip
def test_what_the_policy_names(old: Any, new: Any, expected: Any) -> None:
    """A key that is listed means another application; one that meant none lowers nothing."""
    policy = Policy(consent={"k": {"delegated": frozenset("a")}})
    before, after = (
        replace(BASE, policy=policy, enterprise_applications={} if each is None else {"k": each})
        for each in (old, new)
    )
    assert lowered(before, after) == ([expected] if expected else [])
    assert lowered(replace(before, policy=Policy()), after)[1:] == []
    assert lowered(before, before) == []


@pytest.mark.parametrize(
    ("named", "shown"),
    [(Named("li@a", "1"), "a user (1…)"), (Named("li@a"), "a user"), (Named("ci", "1"), "'ci'")],
)
def test_a_deployer_who_is_a_person_is_one_in_reports(named: Named, shown: str) -> None:
    """By an address; what deploys as an application has a name that anybody may see."""
    (found,) = guards.lowered(replace(BASE, deployers=()), replace(BASE, deployers=(named,)))
    assert without_names(found.text).startswith(f"deployer {shown}: ")
