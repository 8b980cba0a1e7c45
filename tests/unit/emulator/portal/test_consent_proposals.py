"""What is asked before a consent is given."""

from urllib.parse import urlencode

import pytest

from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.asking import asked
from tests.unit.emulator.portal.browsing import Browser, text_of


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.browser()


@pytest.mark.parametrize(
    ("edit", "given", "question"),
    [
        pytest.param("consent", {}, """
Consent to what, for which client? [ | Leave it] main
POST
field client= (Client: name or client id) of Api, Azure Service Management, Daemon, Emulator admin,
  Emulator deployer, Emulator reader, Foreign, Microsoft Azure CLI, Microsoft Graph, Middle, MyApp
  Writer (dev), MyApp Writer (prod), Office 365 SharePoint Online, Other, Public, Spa, Web, Windows
  Azure Active Directory
field api= (API: name or client id) of Api, Azure Service Management, Daemon, Emulator admin,
  Emulator deployer, Emulator reader, Foreign, Microsoft Azure CLI, Microsoft Graph, Middle, MyApp
  Writer (dev), MyApp Writer (prod), Office 365 SharePoint Online, Other, Public, Spa, Web, Windows
  Azure Active Directory
back to ~/grants
""", id="nothing is said"),
        pytest.param("consent", {"client": "Spa"}, """
Consent to what, for which client? [ | Leave it] main
POST
field api= (API: name or client id) of Api, Azure Service Management, Daemon, Emulator admin,
  Emulator deployer, Emulator reader, Foreign, Microsoft Azure CLI, Microsoft Graph, Middle, MyApp
  Writer (dev), MyApp Writer (prod), Office 365 SharePoint Online, Other, Public, Spa, Web, Windows
  Azure Active Directory
back to ~/grants
""", id="no API is said"),
        pytest.param("consent", {"api": "Api"}, """
Consent to what, for which client? [ | Leave it] main
POST
field client= (Client: name or client id) of Api, Azure Service Management, Daemon, Emulator admin,
  Emulator deployer, Emulator reader, Foreign, Microsoft Azure CLI, Microsoft Graph, Middle, MyApp
  Writer (dev), MyApp Writer (prod), Office 365 SharePoint Online, Other, Public, Spa, Web, Windows
  Azure Active Directory
back to ~/grants
""", id="no client is said"),
        pytest.param("consent", {"client": "Spa", "api": "Api"}, """
Let Spa act at Api for whom, with which scopes? [ | Leave it] main
POST
field who=everybody (For everybody, or for a person: UPN) of everybody, alice@contoso.com,
  bob@contoso.com, carol@contoso.com, dave@contoso.com, erin@contoso.com, frank@contoso.com,
  grace@contoso.com, heidi@contoso.com, ivan@contoso.com, judy@contoso.com, li@contoso.com,
  mallory@contoso.com, oscar@contoso.com
boxes scopes=user.read user.write user.admin (Scopes) of user.read, user.write, user.admin, user.old
back to ~/grants
""", id="neither for whom nor what"),
        pytest.param("consent", {"client": "Spa", "api": "Api", "who": " Everybody "}, """
Let Spa act at Api for whom, with which scopes? [ | Leave it] main
POST
boxes scopes=user.read user.write user.admin (Scopes) of user.read, user.write, user.admin, user.old
back to ~/grants
""", id="not what"),
        pytest.param("consent", {"client": "Web", "api": "Api", "scopes": "user.read"}, """
Let Web act at Api for whom, with which scopes? [ | Leave it] main
POST
field who=everybody (For everybody, or for a person: UPN) of everybody, alice@contoso.com,
  bob@contoso.com, carol@contoso.com, dave@contoso.com, erin@contoso.com, frank@contoso.com,
  grace@contoso.com, heidi@contoso.com, ivan@contoso.com, judy@contoso.com, li@contoso.com,
  mallory@contoso.com, oscar@contoso.com
back to ~/grants
""", id="not for whom"),
        pytest.param("consent", {"client": "Web", "api": "Api", "who": "everybody"}, """
Let Web act at Api for whom, with which scopes? [ | Leave it] main
POST
boxes scopes= (Scopes) of user.read, user.write, user.admin, user.old
back to ~/grants
""", id="what the client asks for"),
        pytest.param(
            "consent",
            {
                "client": "client:Spa",
                "api": "sp:Api",
                "who": "everybody",
                "scopes": "user.write user.write  nothing user.read",
            },
            """
Let Spa act for everybody at Api with user.write nothing? [Consent | Leave it] main
PATCH oauth2PermissionGrants/grant:Spa/Api {'scope': 'user.read user.gone user.write nothing'}
+ Spa gets tokens for Api with user.write nothing; everybody is not asked.
+ nothing is no scope of Api: it gives nothing.
= user.read user.gone, which it has already.
note: DRIFT
back to ~/enterprise/sp:Spa
""", id="more for everybody"),
        pytest.param(
            "consent",
            {"client": "Spa", "api": "Api", "who": "bob@contoso.com", "scopes": "user.admin"},
            """
Let Spa act for Bob Baker at Api with user.admin? [Consent | Leave it] main
PATCH oauth2PermissionGrants/grant:Spa/Api/Bob Baker {'scope': 'user.write user.admin'}
+ Spa gets tokens for Api with user.admin; Bob Baker is not asked.
= user.write, which it has already.
note: DRIFT
back to ~/enterprise/sp:Spa
""", id="more for a person"),
        pytest.param(
            "consent",
            {"client": "Web", "api": "Api", "who": "bob@contoso.com", "scopes": "user.admin"},
            """
Let Web act for Bob Baker at Api with user.admin? [Consent | Leave it] main
POST oauth2PermissionGrants {'scope': 'user.admin', 'clientId': 'sp:Web', 'consentType':
  'Principal', 'principalId': 'user:Bob Baker', 'resourceId': 'sp:Api'}
+ Web gets tokens for Api with user.admin; Bob Baker is not asked.
note: DRIFT
back to ~/enterprise/sp:Web, or to grants/ID
""", id="the first for a person"),
        pytest.param(
            "consent",
            {"client": "Web", "api": "Api", "who": "everybody", "scopes": "user.admin"},
            """
Let Web act for everybody at Api with user.admin? [Consent | Leave it] main
POST oauth2PermissionGrants {'scope': 'user.admin', 'clientId': 'sp:Web', 'consentType':
  'AllPrincipals', 'principalId': None, 'resourceId': 'sp:Api'}
+ Web gets tokens for Api with user.admin; everybody is not asked.
note: DRIFT
back to ~/enterprise/sp:Web, or to grants/ID
""", id="the first for everybody"),
        pytest.param(
            "consent",
            {"client": "Spa", "api": "Api", "who": "nobody", "scopes": "user.admin"},
            """
refused: There is nobody nobody in Contoso.
""", id="for nobody"),
        pytest.param(
            "consent",
            {"client": "Spa", "api": "Api", "who": "everybody", "scopes": "user.read"},
            """
refused: Spa has that consent already.
""", id="what is there"),
        pytest.param("consent", {"client": "Nothing", "api": "Api"}, """
refused: There is no application Nothing in Contoso.
""", id="a client that is not there"),
    ],
)  # fmt: skip
def test_a_consent_says_who_gets_what(
    browser: Browser, edit: str, given: dict[str, str], question: str
) -> None:
    """Hold which fields lack, and with all of them the sentence, the request and its effects."""
    assert asked(browser, edit, given) == question.strip("\n")


def test_boxes_that_are_checked_are_one_list_of_scopes(browser: Browser) -> None:
    """A browser sends the name of the field once for each box."""
    given = {"client": "Web", "api": "Api", "who": "everybody"}
    boxes = [*given.items(), ("scopes", "user.read"), ("scopes", "user.write")]
    question = text_of(browser.get(f"edit/consent?{urlencode(boxes)}").text)
    assert "Let Web act for everybody at Api with user.read user.write?" in question
