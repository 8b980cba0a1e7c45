"""What was read and what would change; what tokens say before and after."""

from __future__ import annotations

import pytest

from entra_config.kinds.federated_credential import CredentialFacts
from entra_config.kinds.holdings import sides
from entra_config.plan.model import Change, Create, Delete, Release, Restore, Update
from entra_config.resource import Address, Resource, State
from tests.unit.kinds.estate import (
    DIRECTORY,
    application,
    assigned,
    authorized,
    enterprise,
    granted,
    lines,
    manifest,
)

API_NOW = application("api")
ACTUAL = State(
    {
        each.address: each
        for each in (
            assigned("api/r1/user:ann", "Ann of old"),
            assigned("hr/r4/group:crew", "Crew", role="HR.Use"),
            assigned("api/r1/servicePrincipal:sp-ops", "Ops"),
            assigned("theirs/r8/user:lee", "Lee", role="no such name"),
            enterprise("api"),
        )
    }
)
BEFORE = {
    "application api at application.api",
    "application bare at application.bare",
    "application hr at application.hr",
    "application spa at application.spa",
    "application theirs at application.theirs",
    "role api/r1 read.all [Reader]",
    "role api/r2 None []",
    "role hr/r4 HR.Use []",
    "role theirs/r8 Use []",
    "closed api",
    "closed bare",
    "absent bare",
    "api/r1 has user ann [Ann] by appRoleAssignment.api/r1/user:ann",
    "api/r1 has application sp-spa [spa] by None",
    "api/r1 has application sp-ops [Ops] by appRoleAssignment.api/r1/servicePrincipal:sp-ops",
    "api/r2 has group crew [Crew] by None",
    "hr/r4 has group crew [Crew] by appRoleAssignment.hr/r4/group:crew",
    "theirs/r8 has group crew [Crew] by None",
    "theirs/r8 has user lee [Lee] by appRoleAssignment.theirs/r8/user:lee",
    "api/use has spa: application sp-spa [spa] by authorizedClient.spa/api",
    "api/admin has app-ext: application app-ext [Their app] by authorizedClient.app-ext/api",
    "api/admin has spa: application sp-spa [spa] by permissionGrant.spa/api",
    "HR/Core/a has spa: application sp-spa [spa] by permissionGrant.spa/HR%2FCore",
    "HR/Core/b has spa: application sp-spa [spa] by permissionGrant.spa/HR%2FCore",
    "api/use has app-ext: application app-ext [Their app] by None",
    "api/use has sp-lone: application sp-lone [sp-lone] by None",
    "api/admin has sp-lone: application sp-lone [sp-lone] by None",
}


def test_what_tokens_say_of_what_was_read() -> None:
    """Roles and who holds them, each by the name that the manifest has for it; clients with their scopes.

    Of what is deleted, nothing; of a client without a service principal, no authorization; what a client has
    twice it has once, by its authorization.
    """
    before, after = sides(manifest(), DIRECTORY, ACTUAL, ())
    assert before == after
    assert lines(before) == BEFORE


SPA_BY_CONSENT = "api/use has spa: application sp-spa [spa] by permissionGrant.spa/api"
SPA_BY_AUTHORIZATION = "api/use has spa: application sp-spa [spa] by authorizedClient.spa/api"
OF_API = {line for line in BEFORE if " api" in line.split(" has ")[0] or line.startswith("api/")}
OF_SPA = {line for line in BEFORE if "spa" in line}
BACK = Restore(enterprise("gone"), enterprise("gone"))

CHANGES: dict[str, tuple[list[Change], set[str], set[str]]] = {
    "an application that comes has its roles, each by its label": (
        [Create(application("new", appRoles=[{"id": "r5", "value": "read"}, {"id": "r6"}]))],
        set(),
        {"application new at application.new", "role new/r5 read [Reader]", "role new/r6 None []"},
    ),
    "one without roles is there all the same": (
        [Create(application("new"))],
        set(),
        {"application new at application.new"},
    ),
    "a role of another value": (
        [Update(API_NOW, application("api", appRoles=[{"id": "r1", "value": "Read"}]))],
        {"role api/r1 read.all [Reader]", "role api/r2 None []"},
        {"role api/r1 Read [Reader]"},
    ),
    "scopes of other values follow to who has them": (
        [Update(API_NOW, application("api", scopes=[{"id": "s1", "value": "run"}]))],
        {
            SPA_BY_AUTHORIZATION,
            "api/admin has app-ext: application app-ext [Their app] by authorizedClient.app-ext/api",
        },
        {
            SPA_BY_AUTHORIZATION.replace("use", "run"),
            SPA_BY_CONSENT,
            "api/admin has app-ext: application app-ext [Their app] by None",
        },
    ),
    "other properties": ([Update(API_NOW, application("api", displayName="x"))], set(), set()),
    "an API that goes takes along what is held at it": ([Delete(application("api"))], OF_API, set()),
    "a client that goes takes along what it holds": ([Delete(application("spa"))], OF_SPA, set()),
    "what is only let go": (
        [Release(application("api", appRoles=[])), Release(assigned("api/r1/user:ann"))],
        set(),
        set(),
    ),
    "a credential": (
        [Create(Resource(Address("federatedCredential", "api/x"), {}, CredentialFacts()))],
        set(),
        set(),
    ),
    "an enterprise application that comes": (
        [Create(enterprise("bare"))],
        {"absent bare", "closed bare"},
        {"api/use has bare: application bare [bare] by authorizedClient.bare/api"},
    ),
    "one that comes closed": (
        [Create(enterprise("bare", appRoleAssignmentRequired=True))],
        {"absent bare"},
        {"api/use has bare: application bare [bare] by authorizedClient.bare/api"},
    ),
    "one that is opened": (
        [Update(enterprise("api"), enterprise("api", appRoleAssignmentRequired=False))],
        {"closed api"},
        set(),
    ),
    "one that is closed": (
        [Update(enterprise("spa"), enterprise("spa", appRoleAssignmentRequired=True))],
        set(),
        {"closed spa"},
    ),
    "one of which another property changes": (
        [Update(enterprise("api"), enterprise("api", notes="x"))],
        set(),
        set(),
    ),
    "ones that go": (
        [Delete(enterprise("api")), Delete(enterprise("spa", appRoleAssignmentRequired=True))],
        {"closed api"},
        set(),
    ),
    "one that comes back": (
        [Restore(enterprise("gone"), enterprise("gone", appRoleAssignmentRequired=True))],
        set(),
        {"application gone at application.gone", "closed gone", "restored gone"},
    ),
    "who is assigned": (
        [Create(assigned("api/r2/group:late", "Late"))],
        set(),
        {"api/r2 has group late [Late] by appRoleAssignment.api/r2/group:late"},
    ),
    "a client of ours that is assigned": (
        [Create(assigned("api/r2/servicePrincipal:", client="spa"))],
        set(),
        {"api/r2 has application sp-spa [spa] by appRoleAssignment.api/r2/servicePrincipal:"},
    ),
    "a client that is still to come is known by its key": (
        [Create(assigned("api/r2/servicePrincipal:", client="new"))],
        set(),
        {"api/r2 has application new [new] by appRoleAssignment.api/r2/servicePrincipal:"},
    ),
    "a role of ours is what the application has then": (
        [Create(assigned("api/r7/user:ann", "Ann", role="seven"))],
        set(),
        {"api/r7 has user ann [Ann] by appRoleAssignment.api/r7/user:ann"},
    ),
    "a role of others is what it is said to be": (
        [Create(assigned("theirs/r7/user:ann", "Ann", role="seven"))],
        set(),
        {
            "role theirs/r7 seven []",
            "theirs/r7 has user ann [Ann] by appRoleAssignment.theirs/r7/user:ann",
        },
    ),
    "a role of others that was not read": (
        [Create(assigned("mail/r7/user:ann", "Ann", role="seven"))],
        set(),
        {
            "application mail at application.mail",
            "role mail/r7 seven []",
            "mail/r7 has user ann [Ann] by appRoleAssignment.mail/r7/user:ann",
        },
    ),
    "who is assigned no longer": (
        [Delete(assigned("api/r1/user:ann")), Delete(assigned("api/r9/user:never"))],
        {"api/r1 has user ann [Ann] by appRoleAssignment.api/r1/user:ann"},
        set(),
    ),
    "who goes and comes under another address stays": (
        [
            Create(assigned("api/r1/user:ann", "Ann")),
            Delete(assigned("x/r1/user:ann", resource="api")),
        ],
        set(),
        set(),
    ),
    "a consent is what it says then": (
        [Update(granted("spa/api", "use", "admin"), granted("spa/api", "more", "more"))],
        {"api/admin has spa: application sp-spa [spa] by permissionGrant.spa/api"},
        {"api/more has spa: application sp-spa [spa] by permissionGrant.spa/api"},
    ),
    "a consent that goes": (
        [Delete(granted("spa/api", "use", "admin"))],
        {"api/admin has spa: application sp-spa [spa] by permissionGrant.spa/api"},
        set(),
    ),
    "an authorization is what it says then": (
        [Update(authorized("spa/api", "s1"), authorized("spa/api", "s2"))],
        {SPA_BY_AUTHORIZATION, SPA_BY_CONSENT.replace("use", "admin")},
        {SPA_BY_AUTHORIZATION.replace("use", "admin"), SPA_BY_CONSENT},
    ),
    "an authorization that goes": (
        [Delete(authorized("spa/api", "s1"))],
        {SPA_BY_AUTHORIZATION},
        {SPA_BY_CONSENT},
    ),
    "an authorization of a client that was not read": (
        [Create(authorized("app-ext/api", "s1", "s2"))],
        {"api/use has app-ext: application app-ext [Their app] by None"},
        {"api/use has app-ext: application app-ext [Their app] by authorizedClient.app-ext/api"},
    ),
    "a client that comes back has what it is authorized to": (
        [Restore(application("gone"), application("gone", scopes=[{"id": "s7", "value": "seven"}])), BACK],
        set(),
        {
            "application gone at application.gone",
            "restored gone",
            "gone/seven has spa: application sp-spa [spa] by authorizedClient.spa/gone",
            "api/use has gone: application sp-gone [gone] by authorizedClient.gone/api",
            "api/admin has gone: application sp-gone [gone] by authorizedClient.gone/api",
        },
    ),
    "an API that comes back does not authorize whom this plan takes it from": (
        [
            Restore(application("gone"), application("gone", scopes=[{"id": "s7", "value": "seven"}])),
            BACK,
            Delete(authorized("spa/gone", "s7")),
            Delete(authorized("gone/api", "s1", "s2")),
        ],
        set(),
        {"application gone at application.gone", "restored gone"},
    ),
    "unless that changes too": (
        [
            Delete(authorized("gone/api", "s1")),
            Restore(
                application("gone"),
                application("gone", scopes=[{"id": "s7", "value": "seven"}, {"id": "s8", "value": "eight"}]),
            ),
            BACK,
            Update(authorized("spa/gone"), authorized("spa/gone", "s8")),
        ],
        set(),
        {
            "application gone at application.gone",
            "restored gone",
            "gone/eight has spa: application sp-spa [spa] by authorizedClient.spa/gone",
        },
    ),
}


@pytest.mark.parametrize("case", CHANGES)
def test_what_changes_do(case: str) -> None:
    """Each takes and brings what it says, in whatever order it is given, and nothing besides."""
    changes, gone, come = CHANGES[case]
    for given in (changes, changes[::-1]):
        before, after = sides(manifest(), DIRECTORY, ACTUAL, given)
        assert lines(before) == BEFORE
        assert (lines(before) - lines(after), lines(after) - lines(before)) == (gone, come)
