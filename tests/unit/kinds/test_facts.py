"""What is known of a resource of each kind: what it tells, by Graph's names, and what other rooms ask of
all kinds alike.
"""

from __future__ import annotations

import pytest

from entra_config.kinds.base import application_address
from entra_config.kinds.facts import (
    ApplicationFacts,
    AssignmentFacts,
    AuthorizationFacts,
    ConsentFacts,
    EnterpriseFacts,
    OwnerFacts,
)
from entra_config.kinds.federated_credential import CredentialFacts
from entra_config.resource import Address, Facts, Resource

DELETED = "2026-11-01T00:00:00Z"
APPLICATION = ApplicationFacts("1", app_id="2", service_principal_id="3")
ASSIGNMENT = AssignmentFacts(
    "9",
    resource="api",
    resource_id="3",
    app_role_id="7",
    principal_type="user",
    principal_id="5",
    sides=("api/Admin", "user"),
)
CONSENT = ConsentFacts("8", client="job", resource="api", resource_id="3", scope="Read Write")

# The facts; what they tell; the objects that records name; who holds or owns it; the keys at its ends.
TABLE: list[tuple[Facts, dict[str, str], tuple[str, ...], str, set[str]]] = [
    (Facts(), {}, (), "", set()),
    (Facts("1"), {"id": "1"}, ("1",), "", set()),
    (ApplicationFacts(), {}, (), "", set()),
    (APPLICATION, {"id": "1", "appId": "2", "servicePrincipalId": "3"}, ("1", "3"), "", set()),
    (EnterpriseFacts("3", DELETED), {"id": "3", "deletedDateTime": DELETED}, ("3",), "", set()),
    (CredentialFacts("4", "ci"), {"id": "4", "name": "ci"}, ("4",), "", set()),
    (OwnerFacts(principal_id="5"), {"principalId": "5"}, ("5",), "5", set()),
    (OwnerFacts(principal_id="5", enterprise=True), {"principalId": "5"}, ("5",), "5", set()),
    (AuthorizationFacts(client="spa", api="api", app_id="6"), {"client": "spa", "api": "api", "appId": "6"},
    (), "",
     {"spa", "api"}),
    (CONSENT, {"id": "8", "client": "job", "resource": "api", "resourceId": "3", "scope": ("Read "
"Write")}, ("3",), "",
     {"job", "api"}),
    (ASSIGNMENT, {"id": "9", "resource": "api", "resourceId": "3", "appRoleId": "7", "principalType": "user",
                  "principalId": "5"}, ("3", "5"), "5", {"api"}),
    (AssignmentFacts(resource="api", client="job", role="Read"), {"resource": "api", "resourceId": "",
    "appRoleId": "",
     "principalType": "", "client": "job", "role": "Read"}, (), "", {"api", "job"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "reported", "objects", "principal", "keys"), TABLE, ids=lambda each: type(each).__name__
)
def test_every_kind_answers_what_is_asked_of_all(
    facts: Facts, reported: dict[str, str], objects: tuple[str, ...], principal: str, keys: set[str]
) -> None:
    """What it tells stands in saved plans; its objects are those that the audit log names."""
    assert facts.reported == reported
    assert (facts.objects, facts.principal, facts.keys) == (objects, principal, keys)


def test_what_was_announced_is_the_same_where_its_ends_are() -> None:
    """Another holder, role or client under the same address is something else, as is another kind."""
    same = AssignmentFacts(
        "other id", resource="api", app_role_id="7", principal_type="user", principal_id="5"
    )

    assert ASSIGNMENT.same(same)
    for changed in (
        AssignmentFacts(resource="api", app_role_id="7", principal_id="6"),
        AssignmentFacts(resource="api", app_role_id="8", principal_id="5"),
        AssignmentFacts(resource="api", app_role_id="7", principal_id="5", client="job"),
        CONSENT,
    ):
        assert not ASSIGNMENT.same(changed)
    assert CONSENT.same(ConsentFacts(client="job"))
    assert not CONSENT.same(ASSIGNMENT)


def test_a_link_is_a_part_of_the_application_that_it_names() -> None:
    """Names may hold what separates the parts of a key: whose part a resource is, and what it joins, its
    facts say.
    """
    key = "api%2Fone/Read%2FAll/servicePrincipal:job"
    facts = AssignmentFacts(resource="api/one", client="job")
    held = Resource(
        Address("appRoleAssignment", key),
        {},
        facts,
        parent=application_address("job"),
        of=application_address("api/one"),
    )
    owner = Resource(
        Address("owner", "api/user:5"), {}, OwnerFacts(principal_id="5"), parent=application_address("api")
    )

    assert (held.application.key, held.keys) == ("api/one", {"api/one", "job"})
    assert (owner.application.key, owner.keys) == ("api", {"api"})
