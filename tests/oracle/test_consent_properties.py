"""What holds of consent in every tenant: who consents to which scopes, and which of them a token has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.oracle.changed_tenants import changed, each, plus, widest
from tests.oracle.random_sign_ins import (
    APPS,
    PEOPLE,
    TEXT,
    Tenant,
    people,
    tenants,
)
from tests.oracle.rules import response
from tests.oracle.shapes import consent, sp
from tests.oracle.token_endpoint import AsUser, Token


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


@given(tenants(), people())
def test_who_may_consent(world: Tenant, question: AsUser) -> None:
    """Whether people or only admins may consent changes nothing: nobody is asked."""

    def turn(copy: Tenant) -> None:
        for one in copy["servicePrincipals"]:
            for each_scope in one["oauth2PermissionScopes"]:
                each_scope["type"] = {"User": "Admin", "Admin": "User"}[each_scope["type"]]

    assert response(changed(world, turn), question) == response(world, question)


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


@given(tenants(), people())
def test_asked_scopes(world: Tenant, question: AsUser) -> None:
    """A token for named scopes has all of them for certain, and nothing twice."""
    found = response(world, question)
    if isinstance(found, Token):
        assert question.scopes - {".default"} <= found.scopes
        assert not found.scopes & found.perhaps_scopes
        assert not found.roles & found.perhaps_roles


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
