"""What holds of the evaluator in every tenant: random tenants and questions, one change, and how the
answer may move.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from itertools import permutations, product
from random import Random
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.oracle.rules import DEFAULT_ACCESS, AsItself, AsUser, Refused, Token, Unknown, response
from tests.oracle.shapes import (
    Piece,
    application,
    assignment,
    consent,
    group,
    person,
    principal,
    role,
    scope,
    sp,
    tenant,
)

Tenant = dict[str, list[dict[str, Any]]]
Question = AsUser | AsItself
APPS, PEOPLE, GROUPS = ("api", "web", "job"), ("anna", "ben"), ("team", "crew")
ROLES, SCOPES = (
    {"r1": "Reader", "r2": "Writer", "r3": "Auditor"},
    {"s1": "read", "s2": "write", "s3": "admin"},
)
HOLDERS = (*PEOPLE, *GROUPS, *map(sp, APPS))
IDS = {*PEOPLE, *GROUPS, *ROLES, *SCOPES, *APPS, *map(sp, APPS), *(f"api://{app_id}" for app_id in APPS)}
TEXTS = ("read", "write", "read write", "read gone", "read write admin")
# Drawn as few values: what is drawn often is drawn from a list of all that there is.
RARELY = st.sampled_from([False] * 11 + [True])
SOMETIMES = st.sampled_from([False] * 3 + [True])
SOME = st.sets(st.sampled_from(list(SCOPES)), min_size=1)
CHOSEN = st.dictionaries(st.sampled_from(APPS), SOME, max_size=2)
TEXT = st.sampled_from(TEXTS)
KINDS = st.sampled_from([("User", "Application")] * 2 + [("User",), ("Application",)])
ORDERS = st.sampled_from([*permutations(ROLES.values()), (None, "Reader", "Writer"), ("Writer", None, None)])
HELD = st.sets(
    st.sampled_from(list(product(HOLDERS, APPS, [*ROLES, DEFAULT_ACCESS, "gone"]))), min_size=6, max_size=20
)
GRANT = st.sampled_from([None, *product(TEXTS, [None, None, *PEOPLE])])
MEMBERS = {name: st.sets(st.sampled_from([one for one in HOLDERS if one != name])) for name in GROUPS}


@st.composite
def principals(draw: st.DrawFn, app_id: str) -> Piece:
    """Draw a service principal; the ids and values of roles and scopes are the same everywhere, as in
    copied registrations.
    """
    values, kinds, gone = draw(ORDERS), draw(KINDS), draw(RARELY)
    roles = [role(id_, value, kinds=kinds) for id_, value in zip(ROLES, values, strict=True)]
    scopes = [scope(id_, value) for id_, value in SCOPES.items()]
    roles[0]["isEnabled"], scopes[0]["isEnabled"], scopes[2]["type"] = (
        not draw(RARELY),
        not draw(RARELY),
        "Admin",
    )
    flags = {"required": draw(SOMETIMES), "enabled": not draw(RARELY)}
    return principal(
        app_id, roles=roles[gone:], scopes=scopes[: 3 - gone], names=[f"api://{app_id}"], **flags
    )


PRINCIPALS = {app_id: principals(app_id) for app_id in APPS}


@st.composite
def tenants(draw: st.DrawFn) -> Tenant:
    """Draw a tenant of three applications, two people and two groups."""
    pieces = [draw(PRINCIPALS[app_id]) for app_id in APPS if not draw(RARELY)]
    for app_id in APPS:
        version = draw(st.sampled_from([None, 1, 2]))
        pieces += (
            []
            if draw(RARELY)
            else [application(app_id, version=version, authorizes=draw(CHOSEN), lists=draw(CHOSEN))]
        )
    pieces += [person(who, enabled=not draw(RARELY)) for who in PEOPLE]
    pieces += [group(name, *draw(MEMBERS[name])) for name in GROUPS]
    pieces += [assignment(*one) for one in draw(HELD)]
    grants = [(client, api, draw(GRANT)) for client, api in permutations(APPS, 2) if not draw(SOMETIMES)]
    pieces += [consent(client, api, one[0], by=one[1]) for client, api, one in grants if one]
    return tenant(*pieces)


@st.composite
def people(draw: st.DrawFn) -> AsUser:
    """Draw what a person asks."""
    client, api = draw(st.permutations(APPS))[:2]
    named = st.sets(st.sampled_from([*SCOPES.values()]), min_size=1, max_size=2)
    scopes = draw(st.one_of(named, st.just({".default"})))
    return AsUser(
        draw(st.sampled_from(PEOPLE)), client, draw(st.sampled_from([api, f"api://{api}"])), frozenset(scopes)
    )


applications = st.builds(AsItself, st.sampled_from(APPS), st.sampled_from([*APPS, "api://api"]))
questions = st.one_of(people(), applications)


def plus(world: Tenant, piece: Piece) -> Tenant:
    """Return a tenant with one more object."""
    name, one = piece
    return world | {name: [*world[name], one]}


def changed(world: Tenant, change: Callable[[Tenant], object]) -> Tenant:
    """Return a changed copy of a tenant."""
    copy = deepcopy(world)
    change(copy)
    return copy


def each(world: Tenant, name: str, **values: Any) -> Tenant:
    """Return a tenant in which all objects of one list have these properties."""
    return world | {name: [one | values for one in world[name]]}


def widest(token: Token) -> tuple[frozenset[str], frozenset[str]]:
    """Return all roles and scopes that a token has, for certain or perhaps."""
    return token.roles | token.perhaps_roles, token.scopes | token.perhaps_scopes


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

    @settings(max_examples=500, derandomize=True, database=None, phases=[Phase.generate])
    @given(tenants(), questions)
    def look(world: Tenant, question: Question) -> None:
        found = response(world, question)
        seen.update(sight for sight, seen_in in SIGHTS.items() if seen_in(question, found))

    look()
    assert set(seen) == set(SIGHTS)


@given(
    tenants(),
    questions,
    st.sampled_from(HOLDERS),
    st.sampled_from(APPS),
    st.sampled_from([*ROLES, DEFAULT_ACCESS]),
)
def test_more_assignments(world: Tenant, question: Question, holder: str, api: str, role_id: str) -> None:
    """One more assignment takes no token and no role away, and moves no scope."""
    before, after = (
        response(world, question),
        response(plus(world, assignment(holder, api, role_id)), question),
    )
    if isinstance(before, Token):
        assert isinstance(after, Token)
        assert before.roles <= after.roles
        assert widest(before)[0] <= widest(after)[0]
        assert (before.scopes, before.perhaps_scopes) == (after.scopes, after.perhaps_scopes)


@given(tenants(), questions, st.data())
def test_fewer_assignments(world: Tenant, question: Question, data: st.DataObject) -> None:
    """An assignment taken away takes its role away at most."""
    given_ = world["appRoleAssignments"]
    gone = data.draw(st.sampled_from(given_))
    before, after = (
        response(world, question),
        response(world | {"appRoleAssignments": [one for one in given_ if one is not gone]}, question),
    )
    if isinstance(before, Token) and isinstance(after, Token):
        assert widest(after)[0] <= widest(before)[0]
        assert len(widest(before)[0]) - len(widest(after)[0]) <= 1


@given(tenants(), people(), st.data())
def test_fewer_consents(world: Tenant, question: AsUser, data: st.DataObject) -> None:
    """A consent taken away gives nobody a scope, and moves no role."""
    grants = world["oauth2PermissionGrants"]
    gone = data.draw(st.sampled_from(grants)) if grants else {}
    before, after = (
        response(world, question),
        response(world | {"oauth2PermissionGrants": [one for one in grants if one is not gone]}, question),
    )
    if isinstance(before, Token) and isinstance(after, Token):
        assert widest(after)[1] <= widest(before)[1]
        assert (before.roles, before.perhaps_roles) == (after.roles, after.perhaps_roles)
    if isinstance(after, Token):
        assert isinstance(before, Token)


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


@given(tenants(), questions)
def test_swapped_roles(world: Tenant, question: Question) -> None:
    """Two roles that swap their values swap them in every token."""
    swap = {"Reader": "Writer", "Writer": "Reader"}

    def change(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            for each_role in one["appRoles"]:
                each_role["value"] = swap.get(each_role["value"], each_role["value"])

    before, after = response(world, question), response(changed(world, change), question)
    if isinstance(before, Token):
        roles, perhaps = (
            {swap.get(one, one) for one in some} for some in (before.roles, before.perhaps_roles)
        )
        before = replace(before, roles=frozenset(roles), perhaps_roles=frozenset(perhaps))
    assert after == before


@given(tenants(), people())
def test_swapped_scopes(world: Tenant, question: AsUser) -> None:
    """Two scopes that swap their values, in consents and question too, swap them in every token."""
    swap = {"read": "write", "write": "read"}

    def swapped(values: Any) -> frozenset[str]:
        return frozenset(swap.get(one, one) for one in values)

    def change(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            for each_scope in one["oauth2PermissionScopes"]:
                each_scope["value"] = swap.get(each_scope["value"], each_scope["value"])
        for grant in copy["oauth2PermissionGrants"]:
            grant["scope"] = " ".join(swapped(grant["scope"].split()))

    before, after = (
        response(world, question),
        response(changed(world, change), replace(question, scopes=swapped(question.scopes))),
    )
    if isinstance(before, Token):
        before = replace(before, scopes=swapped(before.scopes), perhaps_scopes=swapped(before.perhaps_scopes))
    assert after == before


@given(tenants(), people(), st.data())
def test_group_of_one(world: Tenant, question: AsUser, data: st.DataObject) -> None:
    """An assignment is worth as much through a new group with one direct member, and nothing through a
    group around that one.
    """
    given_ = world["appRoleAssignments"]
    moved = data.draw(st.sampled_from(given_)) if given_ else {"principalId": "anna"}
    rest = world | {"appRoleAssignments": [one for one in given_ if one is not moved]}
    held = {
        "appRoleAssignments": [
            *rest["appRoleAssignments"],
            *([moved | {"principalId": "new"}] if given_ else []),
        ]
    }
    if moved["principalId"] in PEOPLE:
        assert response(plus(rest, group("new", moved["principalId"])) | held, question) == response(
            world, question
        )
        around = plus(plus(rest, group("inner", moved["principalId"])), group("new", "inner"))
        assert response(around | held, question) == response(rest, question)


@given(tenants(), people(), st.sampled_from(APPS), st.sampled_from(APPS), TEXT)
def test_tenant_wide_consent(world: Tenant, question: AsUser, client: str, api: str, text: str) -> None:
    """A consent for the tenant is one of each of its people, and takes no token away."""
    whole = plus(world, consent(client, api, text))
    one_each = world
    for who in PEOPLE:
        one_each = plus(one_each, consent(client, api, text, by=who))
    assert response(whole, question) == response(one_each, question)
    if isinstance(response(world, question), Token):
        assert isinstance(response(whole, question), Token)


@given(tenants(), people(), st.sampled_from(APPS))
def test_what_clients_list(world: Tenant, question: AsUser, api: str) -> None:
    """What a client's registration lists is no matter to scopes that are asked by name, nor once something
    is granted.
    """
    required = [{"resourceAppId": api, "resourceAccess": [{"id": "s1", "type": "Scope"}]}]
    other = each(world, "applications", requiredResourceAccess=required)
    ends = (sp(question.client), sp(question.resource.removeprefix("api://")))
    grants = [one for one in world["oauth2PermissionGrants"] if (one["clientId"], one["resourceId"]) == ends]
    if ".default" not in question.scopes or any(
        one["principalId"] in (None, question.user) for one in grants
    ):
        assert response(other, question) == response(world, question)


@given(tenants(), applications)
def test_applications_alone(world: Tenant, question: AsItself) -> None:
    """What an application gets as itself has nothing to do with people, groups, consents, or the scopes
    that it gets never.
    """
    bare = world | {"users": [], "groups": [], "oauth2PermissionGrants": []}
    found = response(world, question)
    assert response(bare, question) == found
    assert not isinstance(found, Token) or not widest(found)[1]


@given(tenants(), questions, st.booleans())
def test_required_assignment(world: Tenant, question: Question, at_client: bool) -> None:
    """Assignment that is required lets nobody in and changes no token: the same, or none."""
    end = question.client if at_client else question.resource.removeprefix("api://")

    def require(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            one["appRoleAssignmentRequired"] |= one["appId"] == end

    before, after = response(world, question), response(changed(world, require), question)
    assert after == before or not isinstance(after, Token)


@given(tenants(), people())
def test_who_may_consent(world: Tenant, question: AsUser) -> None:
    """Whether people or only admins may consent changes nothing: nobody is asked."""

    def turn(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            for each_scope in one["oauth2PermissionScopes"]:
                each_scope["type"] = {"User": "Admin", "Admin": "User"}[each_scope["type"]]

    assert response(changed(world, turn), question) == response(world, question)


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


@given(tenants(), people())
def test_asked_scopes(world: Tenant, question: AsUser) -> None:
    """A token for named scopes has all of them for certain, and nothing twice."""
    found = response(world, question)
    if isinstance(found, Token):
        assert question.scopes - {".default"} <= found.scopes
        assert not found.scopes & found.perhaps_scopes
        assert not found.roles & found.perhaps_roles
