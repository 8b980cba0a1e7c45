"""Random tenants of three applications, and random questions of people and applications to their sign-in."""

from __future__ import annotations

from itertools import permutations, product
from typing import Any

from hypothesis import strategies as st

from tests.oracle.rules import DEFAULT_ACCESS
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
from tests.oracle.token_endpoint import AsItself, AsUser

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
