"""What of a manifest ends, in words, what is left of it at an instant, and what ends later than it did."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from entra_config.manifest import ending
from entra_config.manifest.model import (
    Application,
    EnterpriseApplication,
    Given,
    Named,
    RoleAssignees,
)
from entra_config.manifest.parts import ApiPermission
from entra_config.manifest.policy import Acknowledged
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.manifest.until import NEVER, Until
from entra_config.phrase import without_names
from tests.unit.plan.estates import manifest

DAY, LATER = date(2027, 1, 31), date(2027, 2, 28)
BEFORE = datetime(2027, 1, 31, 23, 59, tzinfo=UTC)
AFTER = datetime(2027, 2, 1, tzinfo=UTC)
BASE = manifest()
PLACE = ("api", "Admin")


def held(*users: Named, **more: Any) -> Any:
    """Return a manifest in which somebody holds a role."""
    return replace(BASE, assignments={PLACE: RoleAssignees("api", "Admin", users, **more)})


def secret(label: str, until: date | None = None) -> DeclaredSecret:
    """Return a secret with a life."""
    return DeclaredSecret(label, "vault", timedelta(90), timedelta(10), until=until)


PERMISSION = ApiPermission(
    "graph", False, ("B", "A"), (), frozenset("EDCBA"), frozenset("VZYXW"),
    until={("delegated", "A"): Until(DAY), ("application", "X"): Until(LATER)},
)  # fmt: skip


def test_all_that_may_end_is_told_on_request() -> None:
    """What never does ends on no day; consents in the order of their names, whatever the set says."""
    app = Application(
        "api", "api", {}, api_permissions={"graph": PERMISSION}, secrets={"s": secret("s")},
        owners=(Named("ci"), Named("bob", until=DAY)),
        enterprise=EnterpriseApplication("api", owners=(Named("ci"),)),
    )  # fmt: skip
    whole = replace(
        BASE,
        applications={"api": app, "bare": Application("bare", "api", {}, api_permissions={"g": ApiPermission("g", False)})},
        assignments={PLACE: RoleAssignees("api", "Admin", groups=(Named("staff"),))},
        grants=(Given(Named("job"), "graph", ("R",)),),
        acknowledged={"api": (Acknowledged("app-1"), Acknowledged("app-2", until=DAY))},
    )  # fmt: skip
    assert [(each.day, str(each.what)) for each in ending.endings(whole, every=True)] == [
        (NEVER, "ci owns api"),
        (DAY, "bob owns api"),
        (NEVER, "ci owns api (enterprise application)"),
        (NEVER, "secret s of api signs in"),
        *((DAY if name == "A" else NEVER, f"api has consent to {name} of graph") for name in "ABCDE"),
        *((LATER if name == "X" else NEVER, f"api has consent to {name} of graph") for name in "VWXYZ"),
        (NEVER, "group staff holds Admin of api"),
        (NEVER, "application job holds R of graph"),
        (NEVER, "what app-1 holds at api is acknowledged"),
        (DAY, "what app-2 holds at api is acknowledged"),
    ]
    assert [each.day for each in ending.endings(whole)] == [DAY, DAY, LATER, DAY]


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        (Named("li@a", "1", until=DAY), "a user (1…) holds Admin of api"),
        (Named("li@a", until=DAY), "a user holds Admin of api"),
        (Named("li", "1", until=DAY), "user li holds Admin of api"),
    ],
)
def test_a_person_has_no_name_where_names_are_kept_out(named: Named, shown: str) -> None:
    """By an address; whoever has another name is shown by it."""
    (found,) = ending.endings(held(named))
    assert without_names(found.what) == shown


def test_what_is_over_is_as_if_it_did_not_stand_there() -> None:
    """At 24:00 UTC of its day; what was written is kept beside it, also when it is asked again."""
    app = Application(
        "api", "api", {}, api_permissions={"graph": PERMISSION, "other": replace(PERMISSION, until={})},
        secrets={"a": secret("a", DAY), "b": secret("b", LATER), "c": secret("c")},
        generated={"a": secret("a", DAY), "c": secret("c")},
        owners=(Named("ci"), Named("bob", until=DAY)),
    )  # fmt: skip
    given = Given(Named("job"), "graph", ("R", "S", "T"), ("U",), until={"R": Until(DAY), "S": Until(LATER)})
    users = (Named("li", until=DAY), Named("mo", until=LATER))
    whole = replace(held(*users), applications={"api": app}, grants=(given,))
    assert ending.at(whole, BEFORE) is whole

    left = ending.at(whole, AFTER)
    assert left.written is whole
    assert list(left.applications["api"].secrets) == ["b", "c"]
    assert list(left.applications["api"].generated) == ["c"]
    assert left.applications["api"].owners == (Named("ci"),)
    permissions = left.applications["api"].api_permissions
    assert permissions["graph"].delegated_consent == frozenset("BCDE")
    assert permissions["graph"].application_consent == frozenset("VWXYZ")
    assert permissions["other"] == replace(PERMISSION, until={})
    assert left.assignments[PLACE].users == (Named("mo", until=LATER),)
    assert (left.grants[0].application, left.grants[0].absent) == (("S", "T"), ("U", "R"))

    assert list(ending.endings(left)) == list(ending.endings(whole))
    assert ending.since(left, AFTER) == DAY
    assert ending.since(whole, BEFORE) is None
    assert ending.at(left, AFTER).written is whole
    assert [str(each.what) for each in ending.between(held(*users), BEFORE, AFTER)] == [
        "user li holds Admin of api"
    ]
    assert list(ending.between(held(*users), AFTER, AFTER)) == []


@pytest.mark.parametrize("additive", [True, False])
def test_who_was_only_added_is_taken_when_it_is_over(*, additive: bool) -> None:
    """Elsewhere the list says all; of an enterprise application owners end as anywhere."""
    users, groups = (Named("li", until=DAY), Named("mo")), (Named("staff", until=DAY),)
    other = EnterpriseApplication("other", owners=(Named("ci"), Named("bob", until=DAY)))
    app = Application("api", "api", {}, enterprise=EnterpriseApplication("api"))
    whole = replace(
        held(*users, groups=groups, additive=additive, service_principals=(Named("job", until=DAY),)),
        enterprise_applications={"other": other},
        applications={"api": app, "own": replace(app, enterprise=other)},
    )
    left = ending.at(whole, AFTER)
    assert left.assignments[PLACE] == RoleAssignees(
        "api", "Admin", (Named("mo"),), additive=additive, service_principals=(),
        ended=(("user", users[0]), ("group", groups[0])) if additive else (),
    )  # fmt: skip
    ours = left.applications["own"].enterprise
    assert ours == left.enterprise_applications["other"] == replace(other, owners=(Named("ci"),))
    assert left.applications["api"] == app
    assert [str(each.what) for each in ending.endings(whole) if "owns" in each.what] == [
        "bob owns own (enterprise application)"
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ((DAY,), (LATER,), [LATER]),
        ((DAY,), (None,), [NEVER]),
        ((DAY,), (DAY,), []),
        ((LATER,), (DAY,), []),
        ((None,), (None,), []),
        ((DAY,), (LATER, None, LATER), [NEVER]),
        ((DAY,), (), []),
    ],
)
def test_what_ends_later(old: Any, new: Any, expected: list[date]) -> None:
    """Of one that stands twice the later day counts."""
    before, after = (held(*(Named("li", until=day) for day in days)) for days in (old, new))
    assert [(each.day, was) for each, was in ending.later(before, after)] == [(day, DAY) for day in expected]
    other = held(Named("li", until=DAY), Named("mo", until=DAY))
    found = ending.later(other, held(Named("li", until=DAY), Named("mo"), Named("new")))
    assert [str(each.what) for each, _ in found] == ["user mo holds Admin of api"]
