"""Signing in without browser and endpoint: the same tokens, reasons and refusals, and nothing written."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import pytest

from entra_emulator import seed
from entra_emulator.signing_in import IssuedToken, SigningIn, SignInRefused
from tests.conformance.login.login_world import World


@dataclass
class Tried:
    """A tenant and the way in."""

    world: World
    entry: SigningIn

    def person(self, user: str, client: str, scope: str) -> IssuedToken | SignInRefused:
        """Sign a user in to a client, by their short names."""
        return self.entry.person(f"{user}@contoso.com", self.world.app_ids[client], scope)

    def application(self, client: str, resource: str = "api") -> IssuedToken | SignInRefused:
        """Let an application ask for a token of its own."""
        return self.entry.application(self.world.app_ids[client], self.world.app_ids.get(resource, resource))


@pytest.fixture
def tried() -> Tried:
    """Give the tenant of the login tests with some access in it."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.grant("web", "api", "user.read")
    world.preauthorize("api", "public", "user.write")
    world.assign("group:MyApp Writers", "api", "Writer")
    world.assign("user:bob", "api", "Reader")
    return Tried(world, SigningIn(world.directory, world.service))


def token(response: IssuedToken | SignInRefused) -> IssuedToken:
    """Return the token, which there must be."""
    assert isinstance(response, IssuedToken), response
    return response


def code(response: IssuedToken | SignInRefused) -> int:
    """Return the number of the refusal, which there must be."""
    assert isinstance(response, SignInRefused), response
    return response.code


@pytest.mark.parametrize("client", ["spa", "web", "public"])
def test_a_person_gets_what_the_client_may_and_what_groups_and_hands_gave(tried: Tried, client: str) -> None:
    """Scopes are the client's consent or the API's own list, roles are the person's, whatever kind the
    client is.
    """
    found = token(tried.person("bob", client, "api://api/.default"))
    assert found.roles == {"Reader", "Writer"}
    assert found.scopes == ({"user.write"} if client == "public" else {"user.read"})
    assert "Reader: assigned directly" in found.reasons["roles"]
    assert "through the group MyApp Writers" in found.reasons["roles"]
    assert set(found.reasons) == set(found.claims)


def test_the_token_is_the_one_that_the_browser_gets(tried: Tried) -> None:
    """Sign-in over HTTP says the same claims, but for times and random ones."""
    scope = "openid api://api/user.read"
    browsed = tried.world.sign_in("spa", "bob", scope)
    found = token(tried.person("bob", "spa", scope))
    same = {"aud", "azp", "azpacr", "iss", "name", "oid", "roles", "scp", "sub", "tid", "ver"}
    assert {name: found.claims[name] for name in same} == {name: browsed.claims[name] for name in same}
    assert found.id_token is not None
    assert found.id_token.claims["aud"] == browsed.id_claims["aud"]


def test_refusals_are_answers(tried: Tried) -> None:
    """Who lacks consent, an assignment, a client or an API hears Entra's number for it."""
    assert code(tried.person("bob", "foreign", "api://api/.default")) == 65001
    assert code(tried.person("bob", "spa", "api://api/user.admin")) == 65001
    assert code(tried.person("bob", "spa", "api://api/nothing")) == 650053
    assert code(tried.person("bob", "spa", "api://none/.default")) == 500011
    assert code(tried.person("nobody", "spa", "api://api/.default")) == 50034
    assert (
        code(tried.entry.person("bob@contoso.com", "5c1b2f7e-0000-4000-8000-000000000000", "openid"))
        == 700016
    )
    assert code(tried.entry.person("bob@contoso.com", tried.world.app_ids["daemon"], "openid")) == 500113
    tried.world.set_principal("api", appRoleAssignmentRequired=True)
    assert code(tried.person("carol", "spa", "api://api/.default")) == 50105
    assert "Bob" not in str(tried.person("carol", "spa", "api://api/.default"))


def test_users_of_other_tenants(tried: Tried) -> None:
    """Another tenant's user is refused with 50020; on `common` a multi-tenant application takes him, as
    his own tenant's.
    """
    world, bob = tried.world, "bob@fabrikam.com"
    client = world.app_ids["web"]
    assert code(tried.entry.person(bob, client, "openid")) == 50020
    assert code(tried.entry.person(bob, client, "openid", tenant="common")) == 50194
    assert code(tried.entry.person("nobody@fabrikam.com", client, "openid")) == 50034
    world.set("web", signInAudience="AzureADMultipleOrgs")
    home = world.directory.find("fabrikam.com")
    assert home is not None
    assert code(tried.entry.person(bob, client, "openid", tenant="common")) == 65001
    principal = seed.add_service_principal(home, dict(world.application("web")))
    graph = home.service_principal_by_app_id(seed.GRAPH_APP_ID)
    assert graph is not None
    grant = {
        "id": "x",
        "clientId": principal["id"],
        "consentType": "AllPrincipals",
        "principalId": None,
        "scope": "openid profile",
    }
    home.oauth2_permission_grants.put({**grant, "resourceId": graph["id"]})
    found = token(tried.entry.person(bob, client, "openid profile", tenant="common"))
    assert found.id_token is not None
    assert (found.claims["tid"], found.id_token.claims["tid"]) == (home.tenant_id, home.tenant_id)
    assert code(tried.entry.person(bob, client, "openid profile")) == 50020
    assert (
        token(tried.entry.person(bob, client, "openid profile", tenant="fabrikam.com")).claims["tid"]
        == home.tenant_id
    )
    home.users.put({**home.user_by_name(bob), "accountEnabled": False})
    assert code(tried.entry.person(bob, client, "openid profile", tenant="common")) == 50057


def test_an_application_gets_its_roles_and_no_scopes(tried: Tried) -> None:
    """Client credentials carry the roles that the service principal holds; where one is required, 501051
    without.
    """
    assert token(tried.application("daemon")).roles == frozenset()
    tried.world.set_principal("api", appRoleAssignmentRequired=True)
    assert code(tried.application("daemon")) == 501051
    tried.world.assign("app:daemon", "api", "Writer")
    found = token(tried.application("daemon"))
    assert (found.roles, found.scopes) == ({"Writer"}, frozenset())
    assert found.reasons["roles"] == "Writer: assigned directly."


def test_signing_in_writes_nothing(tried: Tried) -> None:
    """The directory after any number of sign-ins is the one before, service principals that lack included."""
    tried.world.tenant.service_principals.remove(tried.world.principal("public")["id"])
    before = copy.deepcopy(tried.world.directory.dump())
    assert token(tried.person("bob", "public", "api://api/.default")).scopes == {"user.write"}
    tried.application("daemon")
    assert code(tried.application("public")) == 7000229
    assert tried.world.directory.dump() == before


def test_without_a_service_of_its_own_a_directory_gets_one() -> None:
    """`of` signs in to any directory, on its clock."""
    world = World()
    world.grant("spa", "api", "user.read")
    world.clock.advance(7200)
    entry = SigningIn.of(world.directory)
    found = token(entry.person("bob@contoso.com", world.app_ids["spa"], "api://api/.default"))
    assert found.claims["iat"] == int(world.clock.now().timestamp()) - 300
