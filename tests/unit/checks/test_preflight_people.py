"""What a tenant says against whoever registers, whom roles are given to, and what people may consent to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from entra_config.actual.policies import Policies, Unknown
from entra_config.checks.rules.preflight import CONSENT
from entra_config.graph import catalogue
from entra_config.kinds.facts import AssignmentFacts, EnterpriseFacts
from entra_config.manifest.parts import ApiPermission
from entra_config.plan.model import (
    Change,
    Create,
    Delete,
    FieldChange,
    Notice,
    Restore,
    Update,
)
from entra_config.resource import Address, Resource
from tests.unit.checks.tenants import CREATED, HERE, THERE, conflicts, found, sentence
from tests.unit.plan.estates import API

NOBODY = {"allowedToCreateApps": False}
ROOM = "has room for {} objects of 1,010, and 2 are to be made"
REFUSED = sentence(
    "lets nobody without a directory role register applications", catalogue.REGISTRATION.advice
)


@pytest.mark.parametrize(
    ("policies", "person", "said"),
    [
        (Policies(user=NOBODY), True, [REFUSED]),
        (Policies(user=NOBODY), False, []),
        (Policies(user={"allowedToCreateApps": True}), True, []),
        (Policies(user={}), True, []),
        (Policies(), True, []),
        (Policies(quota=(1008, 1010)), False, []),
        (Policies(quota=(1009, 1010)), False, [sentence(ROOM.format(1), catalogue.QUOTA.advice)]),
        (Policies(quota=(3000, 1010)), False, [sentence(ROOM.format(0), catalogue.QUOTA.advice)]),
        (
            Policies(user=NOBODY, quota=(1010, 1010)),
            True,
            [REFUSED, sentence(ROOM.format(0), catalogue.QUOTA.advice)],
        ),
    ],
)
def test_who_registers_and_for_what_there_is_room(
    policies: Policies, person: bool, said: list[Notice]
) -> None:
    """An application and its enterprise application are two objects; what is there needs no room."""
    assert conflicts(CREATED, found(policies, person=person)) == said
    assert conflicts(Update(CREATED.after, CREATED.after), found(policies, person=person)) == []


def assignment(type_: str) -> Resource:
    """Return that somebody has a role of the API."""
    place = Address("appRoleAssignment", "api/Reader/x")
    return Resource(place, {}, AssignmentFacts(principal_type=type_), parent=API, position=HERE)


@pytest.mark.parametrize(
    ("type_", "plans", "refused"),
    [
        ("group", frozenset({"EXCHANGE"}), True),
        ("group", frozenset(), True),
        ("group", frozenset({"EXCHANGE", "AAD_PREMIUM"}), False),
        ("group", frozenset({"AAD_PREMIUM_P2"}), False),
        ("group", None, False),
        ("user", frozenset(), False),
    ],
)
def test_groups_need_a_licence(type_: str, plans: frozenset[str] | None, refused: bool) -> None:
    """Who is assigned already needs none any longer."""
    licence = sentence("has no licence that lets groups be assigned", catalogue.LICENCE.advice, HERE)
    tenant, role = found(Policies(plans=plans)), assignment(type_)
    assert conflicts(Create(role), tenant) == ([licence] if refused else [])
    assert conflicts(Update(role, role), tenant) == []


ASKED = ApiPermission(
    "hr",
    own=True,
    delegated=("One", "Two", "Four", "openid", "Five"),
    delegated_consent=frozenset({"Four"}),
    position=HERE,
)
MAIL = ApiPermission("Microsoft Graph", own=False, delegated=("Mail.Read",), position=THERE)
CLOSED = Policies(user={"permissionGrantPoliciesAssigned": []})
SAID = [
    sentence("does not allow users to consent, and api asks for Five, One of hr", CONSENT, HERE),
    sentence(
        "does not allow users to consent, and api asks for Mail.Read of Microsoft Graph", CONSENT, THERE
    ),
]


@pytest.mark.parametrize(
    ("user", "said"),
    [
        (None, []),
        ({}, []),
        ({"permissionGrantPoliciesAssigned": None}, []),
        ({"permissionGrantPoliciesAssigned": ["legacy"]}, []),
        ({"permissionGrantPoliciesAssigned": []}, SAID),
    ],
)
def test_what_people_would_have_to_consent_to(user: dict[str, Any] | None, said: list[Notice]) -> None:
    """Nothing that is consented or authorized, and nothing of OpenID."""
    asked = {"hr": ASKED, "graph": MAIL, "other": replace(MAIL, delegated=("openid",))}
    tenant = found(Policies(user=user))
    assert conflicts(CREATED, tenant, api_permissions=asked) == said
    assert conflicts(CREATED, tenant, api_permissions={"other": replace(MAIL, delegated=())}) == []


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (CREATED, 2),
        (Restore(CREATED.after, CREATED.after), 2),
        (Update(CREATED.after, CREATED.after), 0),
        (Update(CREATED.after, CREATED.after, (FieldChange("displayName"),)), 0),
        (
            Update(
                CREATED.after,
                CREATED.after,
                (FieldChange("displayName"), FieldChange("requiredResourceAccess")),
            ),
            2,
        ),
        (Delete(CREATED.after), 0),
        (Create(replace(CREATED.after, facts=EnterpriseFacts())), 0),
        (Create(replace(CREATED.after, address=Address("application", "unknown"))), 0),
    ],
)
def test_consent_is_looked_at_where_something_more_may_be_asked_for(change: Change, count: int) -> None:
    """What only has another name asks for what it asked for before."""
    asked = {"hr": ASKED, "graph": MAIL}
    assert len(conflicts(change, found(CLOSED), api_permissions=asked)) == count


def test_what_is_said_twice_is_said_once() -> None:
    """Two entries for one API ask for the same."""
    asked = {"a": MAIL, "b": MAIL}
    assert conflicts(CREATED, found(CLOSED), api_permissions=asked) == SAID[1:]


UNREAD = Policies(
    unread=("Zulu", "Alpha"),
    unknown=(
        Unknown("who has licences", "B.Read"),
        Unknown("how full it is", "A.Read"),
        Unknown("x", "B.Read"),
    ),
)


def test_what_is_unknown_is_said_once() -> None:
    """With what would tell; nothing where nothing changes, or nobody looked."""
    said = [
        Notice(
            "unknown before apply: which applications have the app management policies Alpha, Zulu "
            "of their own"
        ),
        Notice(
            "unknown before apply, of what Contoso refuses: who has licences; how full it is; x "
            "(A.Read and B.Read would tell)"
        ),
    ]
    assert conflicts(CREATED, found(UNREAD)) == said
    assert conflicts(CREATED, found(UNREAD), strict=True) == said
    assert conflicts(Delete(CREATED.after), found(UNREAD)) == []
    assert conflicts(CREATED, found(None)) == []
    assert conflicts(CREATED, found(replace(UNREAD, unread=()))) == said[1:]
    assert conflicts(CREATED, found(replace(UNREAD, unknown=()))) == said[:1]
