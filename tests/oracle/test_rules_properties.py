"""What holds of the evaluator in every tenant: random tenants and questions, one change, and how the
answer may move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.changed_tenants import changed, each, widest
from tests.oracle.random_sign_ins import (
    IDS,
    Question,
    Tenant,
    applications,
    questions,
    tenants,
)
from tests.oracle.rules import response
from tests.oracle.shapes import sp
from tests.oracle.token_endpoint import AsItself, AsUser, Refused, Token, Unknown

SIGHTS: dict[str, Callable[[Question, Token | Refused | Unknown], bool]] = {
    "a person's token with roles and scopes": lambda q, a: (
        isinstance(q, AsUser) and isinstance(a, Token) and bool(a.roles and a.scopes)
    ),
    "a token by .default": lambda q, a: (
        isinstance(q, AsUser) and q.scopes == {".default"} and isinstance(a, Token)
    ),
    "a token with open scopes": lambda _, a: isinstance(a, Token) and bool(a.perhaps_scopes),
    "a token with open roles": lambda _, a: isinstance(a, Token) and bool(a.perhaps_roles),
    "an application's token with roles": lambda q, a: (
        isinstance(q, AsItself) and isinstance(a, Token) and bool(a.roles)
    ),
    "a person who is not assigned": lambda _, a: a == Refused(50105),
    "an application that is not assigned": lambda _, a: a == Refused(501051),
    "no consent": lambda _, a: a == Refused(65001),
    "something disabled": lambda _, a: a in (Refused(7000112), Refused(500014), Refused(50057)),
    "something missing": lambda _, a: a in (Refused(700016), Refused(500011), Refused(7000229)),
    "a refusal with several codes": lambda _, a: isinstance(a, Unknown) and len(a.codes) > 1,
    "something open": lambda _, a: isinstance(a, Unknown) and not a.refused,
}


def test_generator() -> None:
    """The random tenants and questions meet every kind of answer, or the properties below would say
    nothing.
    """
    seen: Counter[str] = Counter()

    @settings(max_examples=500, phases=[Phase.generate])
    @given(tenants(), questions)
    def look(world: Tenant, question: Question) -> None:
        found = response(world, question)
        seen.update(sight for sight, seen_in in SIGHTS.items() if seen_in(question, found))

    look()
    assert set(seen) == set(SIGHTS)


@given(tenants(), questions)
def test_others(world: Tenant, question: Question) -> None:
    """What others hold and consent to, and groups that one is not in, are no matter."""
    subject = question.user if isinstance(question, AsUser) else sp(question.client)
    groups = (
        {one["id"] for one in world["groups"] if subject in one["members"]}
        if isinstance(question, AsUser)
        else set()
    )
    alone = world | {
        "groups": [one for one in world["groups"] if one["id"] in groups],
        "appRoleAssignments": [
            one for one in world["appRoleAssignments"] if one["principalId"] in {subject, *groups}
        ],
        "oauth2PermissionGrants": [
            one for one in world["oauth2PermissionGrants"] if one["principalId"] in (None, subject)
        ],
    }
    assert response(alone, question) == response(world, question)


def renamed(one: Any) -> Any:
    """Return a value in which every id has another name."""
    if isinstance(one, dict):
        return {name: renamed(value) for name, value in one.items()}
    if isinstance(one, list):
        return [renamed(value) for value in one]
    return f"{one[::-1]}+" if one in IDS else one


@given(tenants(), questions)
def test_names_do_not_matter(world: Tenant, question: Question) -> None:
    """Ids that are renamed everywhere change nothing but the audience."""
    client, resource = renamed(question.client), renamed(question.resource)
    new = (
        AsItself(client, resource)
        if isinstance(question, AsItself)
        else AsUser(renamed(question.user), client, resource, question.scopes)
    )
    before = response(world, question)
    if isinstance(before, Token):
        before = replace(before, audience=renamed(before.audience))
    assert response(renamed(world), new) == before


@given(tenants(), questions, st.integers(0, 999))
def test_order_does_not_matter(world: Tenant, question: Question, seed: int) -> None:
    """Lists are sets: their order changes nothing."""
    random = Random(seed)

    def shuffle(one: Any) -> Any:
        if isinstance(one, dict):
            return {name: shuffle(value) for name, value in one.items()}
        return random.sample([shuffle(value) for value in one], len(one)) if isinstance(one, list) else one

    assert response(shuffle(world), question) == response(world, question)


@given(tenants(), applications)
def test_applications_alone(world: Tenant, question: AsItself) -> None:
    """What an application gets as itself has nothing to do with people, groups, consents, or the scopes
    that it gets never.
    """
    bare = world | {"users": [], "groups": [], "oauth2PermissionGrants": []}
    found = response(world, question)
    assert response(bare, question) == found
    assert not isinstance(found, Token) or not widest(found)[1]


@given(tenants(), questions)
def test_disabled(world: Tenant, question: Question) -> None:
    """Disabled service principals, and for people disabled accounts, mean no token for certain; disabled
    roles change nothing.
    """
    off = response(each(world, "servicePrincipals", accountEnabled=False), question)
    assert isinstance(off, Refused) or (isinstance(off, Unknown) and off.refused)
    if isinstance(question, AsUser):
        out = response(each(world, "users", accountEnabled=False), question)
        assert isinstance(out, Refused) or (isinstance(out, Unknown) and out.refused)

    def disable(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            for each_role in one["appRoles"]:
                each_role["isEnabled"] = False

    assert response(changed(world, disable), question) == response(world, question)
