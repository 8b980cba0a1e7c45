"""The `resource` of RFC 8707 at the v2 endpoints: it fits the scopes letter by letter, or nobody signs in."""

import pytest

from entra_emulator import seed
from tests.conformance.login.login_outcomes import Outcome
from tests.conformance.login.login_world import REDIRECTS, World

fact = pytest.mark.fact
URL = "https://mcp.example.com/mcp"
SCOPE = f"openid offline_access {URL}/user.read"
OWN = "api://00000000-0000-4000-8000-00000000000a"


@pytest.fixture
def world(world: World) -> World:
    """Give the API the address of an MCP server as one of its names, and let the client ask for its scope."""
    world.set("api", identifierUris=[OWN, URL])
    world.principal("api")["servicePrincipalNames"] += [OWN, URL]
    world.grant("public", "api", "user.read")
    return world


def ended(world: World, scope: str, **parameters: str) -> tuple[str, int]:
    """Return how a request to sign in ends before anybody is asked for a password."""
    outcome = world.read(world.authorize("public", scope, **parameters))
    return outcome.kind, outcome.code


def code_for(world: World, scope: str = SCOPE, **parameters: str) -> str:
    """Return the code of a sign-in."""
    page = world.choose(world.authorize("public", scope, **parameters), "bob")
    return str(world.read(world.response_consent(page)).body["code"])


def reported(outcome: Outcome) -> tuple[int, str, int]:
    """Return a refusal's code, OAuth error and status."""
    return outcome.code, outcome.error, outcome.status


@fact(
    "`resource` is an identifier URI of the application whose scopes are asked for, letter by letter",
    source="anthropics/claude-code#73460, anomalyco/opencode#12308",
    grade="S",
)
@pytest.mark.parametrize(
    ("resource", "scope", "code"),
    [
        (URL, SCOPE, 0),
        (URL, f"openid {OWN}/user.read", 0),
        (OWN, SCOPE, 0),
        (f"{URL}/", SCOPE, 9010010),
        ("https://MCP.example.com/mcp", SCOPE, 9010010),
        ("https://mcp.example.com", SCOPE, 9010010),
        ("api://other", SCOPE, 9010010),
        ("https://nobody.example/mcp", SCOPE, 9010010),
    ],
)
def test_resource(world: World, resource: str, scope: str, code: int) -> None:
    """Any of its identifier URIs is taken, and nothing that only resembles one."""
    assert ended(world, scope, resource=resource) == (("redirect" if code else "sign-in"), code)


@fact(
    "a wrong registration: its only identifier URI is api://{appId}",
    source="anomalyco/opencode#12308",
    grade="S",
)
def test_only_the_default_uri(world: World) -> None:
    """A client that calls by URL asks for the URL, and the application does not bear it: 9010010."""
    world.set("api", identifierUris=[OWN])
    outcome = world.read(world.authorize("public", f"{OWN}/user.read", resource=URL))
    assert (outcome.kind, outcome.error, outcome.code) == ("redirect", "invalid_target", 9010010)
    assert (
        "The resource parameter provided in the request doesn't match with the requested scopes"
        in (outcome.body["error_description"])
    )


@fact(
    "a wrong registration: the metadata's `resource` ends with a slash",
    source="anthropics/claude-code#52871",
    grade="S",
)
def test_slash(world: World) -> None:
    """One slash more than the identifier URI has is another resource, at sign-in and for the code."""
    assert ended(world, SCOPE, resource=f"{URL}/") == ("redirect", 9010010)
    code = code_for(world, resource=URL)
    assert reported(world.redeem_code("public", code, resource=f"{URL}/")) == (9010010, "invalid_target", 400)


@fact(
    "a wrong registration: scopes without the URI in front are Graph's",
    source="anthropics/claude-code#73460",
    grade="S",
)
def test_unqualified(world: World) -> None:
    """Such a scope is looked for at Graph, where there is none."""
    outcome = world.read(world.authorize("public", "openid user.write"))
    assert (outcome.kind, outcome.code) == ("redirect", 650053)
    assert (
        f"asked for scope 'user.write' that doesn't exist on the resource '{seed.GRAPH_APP_ID}'"
        in (outcome.body["error_description"])
    )


@fact(
    "unqualified scopes beside a `resource`, or none: the resource is said first",
    source="anthropics/claude-ai-mcp#514, #977, anthropics/claude-code#52871",
    grade="S",
)
@pytest.mark.parametrize("scope", ["user.write", "openid profile"])
def test_resource_of_nothing(world: World, scope: str) -> None:
    """Graph does not bear the server's URL, and OpenID's scopes are nobody's: 9010010."""
    assert ended(world, scope, resource=URL) == ("redirect", 9010010)


@fact(
    "an unknown application in the scopes is said before the resource",
    source="CyberDrain/CIPP#159",
    grade="S",
    verdict="uncertain",
)
def test_unknown_first(world: World) -> None:
    """A URI that no application bears is 500011, with `resource` as without."""
    assert ended(world, "https://nobody.example/x", resource="https://nobody.example")[1] == 500011


@fact(
    "`resource` when a code is redeemed: of the scopes of the sign-in, where the request names none",
    source="anomalyco/opencode#12308",
    grade="S",
)
def test_code(world: World) -> None:
    """The official clients send it there without any scope."""
    code = code_for(world, resource=URL)
    assert reported(world.redeem_code("public", code, resource="api://other")) == (
        9010010,
        "invalid_target",
        400,
    )
    claims = world.redeem_code("public", code, resource=URL).claims
    assert (claims["aud"], claims["scp"]) == (world.app_ids["api"], "user.read")


@fact(
    "`resource` at a renewal without scope",
    source="modelcontextprotocol/python-sdk#2578, csharp-sdk#1883",
    grade="S",
    verdict="uncertain",
)
def test_renewal(world: World) -> None:
    """The reports are of clients that renew with a resource and no scope; with the scope it fits."""
    first = world.redeem_code("public", code_for(world, resource=URL), resource=URL)
    assert reported(world.refresh("public", first, resource=URL)) == (9010010, "invalid_target", 400)
    assert world.refresh("public", first, f"{URL}/user.read", resource=URL).claims["scp"] == "user.read"
    assert world.refresh("public", first).claims["scp"] == "user.read"


@fact(
    "`resource` of one of several resources at sign-in, an appId as `resource`",
    source="no thread shows it",
    grade="S",
    verdict="uncertain",
)
def test_several(world: World) -> None:
    """Consent may be collected for others too; a token is for one resource, as ever; an appId is no URI."""
    both = f"openid {URL}/user.read api://other/user.read"
    assert ended(world, both, resource=URL) == ("sign-in", 0)
    code = code_for(world, both, resource=URL)
    assert reported(world.redeem_code("public", code, scope=both, resource=URL)) == (
        28000,
        "invalid_scope",
        400,
    )
    assert ended(world, f"{world.app_ids['api']}/user.read", resource=world.app_ids["api"])[1] == 9010010


@fact(
    "`resource` of an application's own token",
    source="no thread shows it",
    grade="S",
    verdict="uncertain",
)
def test_application(world: World) -> None:
    """The same rule holds where nobody signs in."""
    form = {"grant_type": "client_credentials", "scope": f"{URL}/.default"}
    assert reported(world.token("daemon", form | {"resource": "api://other"})) == (
        9010010,
        "invalid_target",
        400,
    )
    assert world.token("daemon", form | {"resource": URL}).claims["aud"] == world.app_ids["api"]


def test_without_resource(world: World) -> None:
    """Nothing changes for whoever sends none, or an empty one."""
    assert ended(world, SCOPE) == ("sign-in", 0)
    assert world.sign_in("public", "bob", SCOPE).claims["scp"] == "user.read"
    form = {"client_id": world.app_ids["public"], "scope": SCOPE, "response_type": "code", "resource": ""}
    page = world.browser.get(world.path("authorize"), params={**form, "redirect_uri": REDIRECTS["public"]})
    assert world.read(page).code == 0
