"""What is asked before secrets, redirect URIs, roles and scopes are changed."""

from collections.abc import Mapping
from typing import Any

import pytest

from entra_emulator.portal.proposal import DRIFT
from entra_emulator.portal.proposals import PROPOSALS
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import visit

TWICE = "Graph removes only what is disabled, so the first request disables it. "


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.browser()


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("add-secret", {"application": "app:Daemon"}, """
Make a secret of Daemon? [Make it | Leave it] main
POST applications/app:Daemon/addPassword {'passwordCredential': {'displayName': ''}}
note: It is shown once, on the next page. Drift shows a secret that is not declared.
field name= (What it is for)
back to ~/registrations/app:Daemon
""", id="a secret for what is not said"),
        pytest.param("add-secret", {"application": "app:Daemon", "name": "mine"}, """
Make a secret of Daemon? [Make it | Leave it] main
POST applications/app:Daemon/addPassword {'passwordCredential': {'displayName': 'mine'}}
+ Whoever has it signs in as Daemon, for two years.
note: It is shown once, on the next page. Drift shows a secret that is not declared.
back to ~/registrations/app:Daemon
""", id="a secret"),
        pytest.param("add-secret", {}, """
refused: There is no such application any more.
""", id="of nothing"),
        pytest.param("remove-secret", {"application": "app:Daemon", "key": "key:Daemon"}, """
Remove the secret emulator of Daemon? [Remove | Keep it] destroys
POST applications/app:Daemon/removePassword {'keyId': 'key:Daemon'}
− Whoever signs in with it is refused from now on.
= 0 other secrets, 0 certificates.
note: A secret cannot be brought back: only a new one can be made.
back to ~/registrations/app:Daemon
""", id="the only secret"),
        pytest.param("remove-secret", {"application": "app:Daemon", "key": "key:Web"}, """
refused: There is no such secret.
""", id="no such secret"),
        pytest.param("add-certificate", {"application": "app:Web"}, """
Add a certificate to Web? [Add | Leave it] main
PATCH applications/app:Web {'keyCredentials': [{'keyId': '', 'type': 'AsymmetricX509Cert', 'usage':
  'Verify', 'key': ''}]}
note: DRIFT
field certificate= (Certificate: PEM or base64 of DER, without the key)
back to ~/registrations/app:Web
""", id="a certificate that is not given"),
        pytest.param("remove-certificate", {"application": "app:Web", "key": "key:Web"}, """
refused: There is no such certificate.
""", id="no such certificate"),
        pytest.param("add-federated", {"application": "app:Web", "name": "main"}, """
Trust which issuer to sign in as Web? [Trust | Leave it] main
POST applications/app:Web/federatedIdentityCredentials {'name': 'main', 'issuer': '', 'subject': '',
  'audiences': ['']}
note: DRIFT
field name=main (Name, which cannot be changed later)
field issuer= (Issuer, such as https://token.actions.githubusercontent.com)
field subject= (Subject of its tokens)
field audience=api://AzureADTokenExchange (Audience of its tokens)
back to ~/registrations/app:Web
""", id="an issuer that is not said"),
        pytest.param("add-federated", {"application": "app:Web", "name": "main", "issuer": "https://i.example",
                                       "subject": "s", "audience": "api://x", "description": "d"}, """
Trust main to sign in as Web? [Trust | Leave it] main
POST applications/app:Web/federatedIdentityCredentials {'name': 'main', 'issuer':
  'https://i.example', 'subject': 's', 'audiences': ['api://x'], 'description': 'd'}
+ Whoever gets a token of https://i.example for s signs in as Web.
note: DRIFT
back to ~/registrations/app:Web
""", id="another issuer"),
        pytest.param("remove-federated", {"application": "app:Web", "federated": "nothing"}, """
refused: There is no such federated credential.
""", id="no such federated credential"),
        pytest.param("add-uri", {"application": "app:Web", "uri": "https://x.example/"}, """
Add which redirect URI to Web? [Add | Leave it] main
PATCH applications/app:Web {'': {'redirectUris': ['https://x.example/']}}
note: DRIFT
field uri= (URI)
field platform= (Platform) of web: web, spa: SPA, publicClient: public client
back to ~/registrations/app:Web
""", id="a URI of no platform"),
        pytest.param(
            "add-uri",
            {"application": "app:Web", "uri": "https://x.example/", "platform": "api"},
            """
Add which redirect URI to Web? [Add | Leave it] main
PATCH applications/app:Web {'': {'redirectUris': ['https://x.example/']}}
note: DRIFT
field uri= (URI)
field platform= (Platform) of web: web, spa: SPA, publicClient: public client
back to ~/registrations/app:Web
""", id="a URI of another platform"),
        pytest.param("add-uri", {"application": "app:Web", "platform": "web"}, """
Add which redirect URI to Web? [Add | Leave it] main
PATCH applications/app:Web {'web': {'redirectUris': ['https://web.localhost/callback', '']}}
note: DRIFT
field uri= (URI)
field platform= (Platform) of web: web, spa: SPA, publicClient: public client
back to ~/registrations/app:Web
""", id="no URI"),
        pytest.param(
            "add-uri",
            {"application": "app:Web", "uri": "https://x.example/", "platform": "web"},
            """
Add https://x.example/ to Web? [Add | Leave it] main
PATCH applications/app:Web {'web': {'redirectUris': ['https://web.localhost/callback',
  'https://x.example/']}}
+ Codes and tokens of people who sign in may be sent there.
note: DRIFT
back to ~/registrations/app:Web
""", id="a URI beside others"),
        pytest.param(
            "add-uri",
            {"application": "app:Web", "uri": "https://x.example/", "platform": "spa"},
            """
Add https://x.example/ to Web? [Add | Leave it] main
PATCH applications/app:Web {'spa': {'redirectUris': ['https://x.example/']}}
+ Codes and tokens of people who sign in may be sent there.
note: DRIFT
back to ~/registrations/app:Web
""", id="a URI of a platform without any"),
        pytest.param(
            "remove-uri",
            {"application": "app:Spa", "uri": "https://localhost:5173/", "platform": "spa"},
            """
Remove https://localhost:5173/ from Spa? [Remove | Keep it] destroys
PATCH applications/app:Spa {'spa': {'redirectUris': []}}
− Sign-ins that ask to come back there are refused with AADSTS50011.
= 0 others of that platform.
note: DRIFT
back to ~/registrations/app:Spa
""", id="the only URI goes"),
        pytest.param(
            "remove-uri",
            {"application": "app:Public", "uri": "http://localhost", "platform": "publicClient"},
            """
Remove http://localhost from Public? [Remove | Keep it] destroys
PATCH applications/app:Public {'publicClient': {'redirectUris': []}}
− Sign-ins that ask to come back there are refused with AADSTS50011.
= 0 others of that platform.
note: DRIFT
back to ~/registrations/app:Public
""", id="a URI of a public client goes"),
        pytest.param(
            "remove-uri",
            {"application": "app:Spa", "uri": "https://x.example/", "platform": "spa"},
            """
refused: There is no such redirect URI.
""", id="no such URI"),
        pytest.param(
            "remove-uri",
            {"application": "app:Spa", "uri": "https://localhost:5173/", "platform": "web"},
            """
refused: There is no such redirect URI.
""", id="a URI of another platform stays"),
        pytest.param("remove-uri", {"application": "app:Spa", "uri": "https://localhost:5173/"}, """
refused: There is no such redirect URI.
""", id="a URI whose platform is not named stays"),
        pytest.param(
            "add-uri",
            {"application": "app:Spa", "uri": "https://localhost:5173/", "platform": "spa"},
            """
refused: https://localhost:5173/ is already a redirect URI of Spa (SPA).
""", id="a URI that is there"),
        pytest.param("remove-role", {"application": "app:Other", "role": "role:Api/Reader"}, """
refused: There is no such role any more.
""", id="a role of another application"),
        pytest.param("remove-scope", {"application": "app:Other", "scope": "nothing"}, """
refused: There is no such scope any more.
""", id="no such scope"),
    ],
)  # fmt: skip
def test_a_change_of_an_application_says_what_comes_of_it(
    browser: Browser, edit: str, given: dict[str, str], question: str
) -> None:
    """Hold the sentence, the request, its effects, and the fields that lack."""
    assert asked(browser, edit, given) == question.strip("\n")


@pytest.mark.parametrize(
    ("edit", "name", "lost", "note"),
    [
        ("remove-role", "Reader", ("Lose it: Bob Baker.",), f"{TWICE}{DRIFT}"),
        ("remove-role", "Retired", ("Nobody loses it.",), DRIFT),
        ("remove-scope", "user.write", ("No token contains it from now on.",), f"{TWICE}{DRIFT}"),
        ("remove-scope", "user.old", ("No token contains it from now on.",), DRIFT),
    ],
)
def test_what_is_removed_is_disabled_first(
    browser: Browser, edit: str, name: str, lost: tuple[str, ...], note: str
) -> None:
    """Graph refuses to remove what is enabled; everything else of the application stays in both requests."""
    app, kind = browser.world.application("other"), edit.removeprefix("remove-")
    rows = app["appRoles"] if kind == "role" else app["api"]["oauth2PermissionScopes"]
    (part,) = (row for row in rows if row["value"] == name)
    found = PROPOSALS[edit](visit(browser), {"application": app["id"], kind: part["id"]})

    def rows_of(body: Mapping[str, Any] | None) -> Any:
        return body and (body["appRoles"] if kind == "role" else body["api"]["oauth2PermissionScopes"])

    assert found.question == f"Remove the {kind} {name} from Other?"
    assert (found.lost, found.note) == (lost, note)
    assert rows_of(found.body) == [row for row in rows if row is not part]
    disabled = [{**row, "isEnabled": row["isEnabled"] and row is not part} for row in rows]
    assert rows_of(found.first and found.first.body) == (disabled if note != DRIFT else None)
