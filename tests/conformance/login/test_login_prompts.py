"""Every `prompt` beside every state of the browser and of consent."""

import pytest

from tests.conformance.login.login_outcomes import ending
from tests.conformance.login.login_world import World
from tests.conformance.login.signing_in import SCOPE

fact = pytest.mark.fact
# What comes of a request, by prompt (rows) and by who is signed in and what is hinted (columns).
BROWSERS = """
                nobody   bob      bob~bob  bob~alice both     both~alice sid
-               sign-in  code     code     sign-in   sign-in  code       code
login           sign-in  sign-in  sign-in  sign-in   sign-in  sign-in    sign-in
none            50058    code     code     50058     16000    code       code
consent         sign-in  consent  consent  sign-in   sign-in  consent    consent
select_account  sign-in  sign-in  90023    90023     sign-in  90023      sign-in
"""
# What comes once the user is known, by what was granted before and who it is.
CONSENTS = """
                granted  ungranted admins   admins-granted administrator
-               code     consent   approval code           consent
login           code     consent   approval code           consent
none            code     65001     65001    code           65001
consent         consent  consent   approval approval       consent
select_account  code     consent   approval code           consent
"""


def _cells(table: str) -> list[tuple[str, str, str]]:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return [
        (row[0].strip("-"), column, cell) for row in rows for column, cell in zip(head, row[1:], strict=True)
    ]


@fact(
    "prompt by who is signed in and hinted",
    source="ED:v2-oauth2-auth-code-flow, msal-js#1880",
    grade="D",
)
@pytest.mark.parametrize(("prompt", "browser", "expected"), _cells(BROWSERS))
def test_prompts_by_browser(world: World, prompt: str, browser: str, expected: str) -> None:
    """Each prompt does what it says, whoever is signed in in the browser and whoever is hinted."""
    world.grant("spa", "api", "user.read")
    who, _, hint = browser.partition("~")
    parameters = {"prompt": prompt, "login_hint": f"{hint}@contoso.com" if hint else ""}
    for user in {"nobody": [], "both": ["bob", "alice"]}.get(who, ["bob"]):
        world.sign_in("spa", user, SCOPE, prompt="select_account")
    if who == "sid":
        parameters["sid"] = world.read(world.authorize("spa", SCOPE)).body["session_state"]
    assert ending(world.read(world.authorize("spa", SCOPE, **parameters))) == expected


@fact(
    "prompt by what was consented",
    source="ED:application-consent-experience, opencode#50519",
    grade="D",
)
@pytest.mark.parametrize(("prompt", "consents", "expected"), _cells(CONSENTS))
def test_prompts_by_consent(world: World, prompt: str, consents: str, expected: str) -> None:
    """Each prompt asks for consent only where it is missing or asked for again, and never where the user
    may not give it.
    """
    user = "grace" if consents == "administrator" else "bob"
    scope = "openid api://api/user.admin" if consents not in {"granted", "ungranted"} else SCOPE
    if consents in ("granted", "admins-granted"):
        world.grant("spa", "api", scope.rpartition("/")[2])
    world.sign_in("spa", user, "openid")
    response = world.choose(world.authorize("spa", scope, prompt=prompt), user)
    outcome = world.read(response)
    assert ending(outcome) == expected
    if prompt == "none":
        assert outcome.error in ("", "interaction_required")


@fact("one prompt and no other", source="screenpipe#4257, opencloud#871, adal-js#678", grade="R")
@pytest.mark.parametrize(
    "prompt", ["consent select_account", "login consent", "none login", "admin_consent", "LOGIN", "nonsense"]
)
def test_unsupported_prompts(world: World, prompt: str) -> None:
    """Two values, or an unknown one, end on the sign-in page with 90023: nothing goes back to the client."""
    outcome = world.read(world.authorize("spa", SCOPE, prompt=prompt))
    assert (outcome.kind, outcome.code) == ("page", 90023)
    assert "AADSTS90023: Unsupported 'prompt' value." in outcome.text


@fact(
    "prompt=create",
    source="compass-calendar#3662 names it, the page of the code flow does not",
    grade="S",
    verdict="uncertain",
)
def test_prompt_create(world: World) -> None:
    """Signing up is for external tenants: here it is no prompt."""
    assert world.read(world.authorize("spa", SCOPE, prompt="create")).code == 90023
