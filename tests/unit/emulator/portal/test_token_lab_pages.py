"""The page of the token lab, value by value."""

import pytest

from entra_emulator.portal import token_lab
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import names, page, shown, visit


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant after a snapshot and changes; nothing is changed in it."""
    return example.changed()


@pytest.mark.parametrize(
    ("given", "wanted", "text"),
    [
        pytest.param({"person": "", "client": "", "api": ""}, "", """
token.html 200 at token
requested: person=; client=; api=; scopes=[]; compare=nothing; other=; before=then; kind=access_token
people:
  [user:Alice Archer | Alice Archer · alice@contoso.com]
  [user:Bob Baker | Bob Baker · bob@contoso.com]
  [user:Carol Clark | Carol Clark · carol@contoso.com]
  [user:Dave Diaz | Dave Diaz · dave@contoso.com]
  [user:Erin Evans | Erin Evans · erin@contoso.com]
  [user:Frank Fischer | Frank Fischer · frank@contoso.com]
  [user:Grace Green | Grace Green · grace@contoso.com]
  [user:Heidi Hoffmann | Heidi Hoffmann · heidi@contoso.com]
  [user:Ivan Ivanov | Ivan Ivanov · ivan@contoso.com]
  [user:Judy Jones | Judy Jones · judy@contoso.com]
  [user:Mallory Moore | Mallory Moore · mallory@contoso.com]
  [user:Oscar Olsen | Oscar Olsen · oscar@contoso.com]
clients:
  [client:Api | Api · myapp/prod]
  [client:By hand | By hand]
  [client:Emulator admin | Emulator admin]
  [client:Emulator deployer | Emulator deployer]
  [client:Emulator reader | Emulator reader]
  [client:Foreign | Foreign]
  [client:Middle | Middle]
  [client:MyApp Writer (dev) | MyApp Writer (dev)]
  [client:MyApp Writer (prod) | MyApp Writer (prod)]
  [client:New | New]
  [client:Nightly | Nightly]
  [client:Public | Public]
  [client:Spa | Spa · myapp/prod]
  [client:Web | Web]
apis:
  [client:Api | Api · myapp/prod]
  [client:Middle | Middle]
moments:
  [then | then, 00:00]
  [apply of myapp.prod | apply of myapp.prod, 00:00]
  [beginning | the beginning]
compared:
  [nothing | Nothing]
  [person | Another person]
  [before | Before and after]
kinds:
  [access_token | Access token]
  [id_token | ID token]
moved:
deep: https://localhost:8443~/token
graph: client:Microsoft Graph
""", id="nothing yet"),
        pytest.param({"scopes": "user.read user.write user.read"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="one token"),
        pytest.param({"person": "bob@contoso.com", "scopes": "user.read a user.read"}, "requested", """
requested: person=user:Bob Baker; client=client:Spa; api=client:Api; scopes=[user.read | a];
    compare=nothing; other=; before=then; kind=access_token
""", id="what is asked for"),
        pytest.param({"scopes": "user.read user.write"}, "deep", """
deep: https://localhost:8443~/token?person=user:Bob
    Baker&client=client:Spa&api=client:Api&scopes=user.read+user.write
""", id="the address of it"),
        pytest.param({}, "main", """
main: words=Bob Baker; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="the token that is explained"),
        pytest.param({}, "rows", """
rows: What Api decides by, Who it is about, Protocol; differ: ; 20 the same, 0 times
""", id="its rows"),
        pytest.param({}, "linked", """
linked: Spa Api Bob Baker MyApp Developers All Staff
""", id="names that lead to pages"),
        pytest.param({}, "scopes", """
scopes:
  [user.read | True]
  [user.write | True]
  [user.admin | True]
""", id="scopes of the API"),
        pytest.param({"api": ""}, "columns", """

""", id="no API"),
        pytest.param({"api": "nothing"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=AADSTS500011: The resource principal named nothing was not found in
    the tenant named Contoso. This can happen if the application has not been installed by the administrator
    of the tenant or consented to by any user in the tenant. You might have sent your authentication request
    to the wrong tenant.; known=the API has no enterprise application in this tenant Spa Bob Baker
""", id="an API that is not there"),
        pytest.param({"client": "nothing"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=AADSTS700016: Application with identifier 'nothing' was not found in
    the directory 'Contoso'. This can happen if the application has not been installed by the administrator
    of the tenant or consented to by any user in the tenant. You may have sent your authentication request
    to the wrong tenant.; known=No application of Contoso has the client id nothing.
""", id="a client that is not there"),
        pytest.param({"kind": "id_token"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=token of aud iss iat nbf exp aio name oid preferred_username rh sub
    tid uti ver
""", id="an ID token"),
        pytest.param({"kind": "id_token"}, "deep", """
deep: https://localhost:8443~/token?person=user:Bob Baker&client=client:Spa&api=client:Api&kind=id_token
""", id="its address"),
        pytest.param({"kind": "id_token"}, "rows", """
rows: What the client decides by, Who it is about, Protocol; differ: ; 14 the same, 0 times
""", id="rows of an ID token"),
        pytest.param({"person": "", "client": "client:Nightly", "kind": "id_token"}, "columns", """
columns:
  words=The client itself; who=The client itself; token=token of aud iss iat nbf exp aio azp azpacr oid rh
    roles sub tid uti ver xms_ftd
""", id="the client itself"),
        pytest.param({"other": "user:Erin Evans"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
  words=Erin Evans; who=Erin Evans; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="two people"),
        pytest.param({"other": "user:Erin Evans"}, "rows", """
rows: What Api decides by, Who it is about, Protocol; differ: roles name oid preferred_username; 7 the same,
    3 times
""", id="rows of two people"),
        pytest.param({"other": "user:Erin Evans"}, "linked", """
linked: Spa Api Bob Baker Erin Evans MyApp Developers All Staff MyApp Writers On call
""", id="names of two people"),
        pytest.param({"other": "user:Erin Evans"}, "deep", """
deep: https://localhost:8443~/token?person=user:Bob
    Baker&client=client:Spa&api=client:Api&compare=person&other=user:Erin Evans
""", id="the address of two people"),
        pytest.param({"other": "user:Erin Evans"}, "moved", """
moved: roles=[]; scp=[]
""", id="two people, nothing moved"),
        pytest.param({"compare": "person"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="one of two people"),
        pytest.param({"other": "user:Carol Clark"}, "columns", """
columns:
  words=Bob Baker; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
  words=Carol Clark; who=Carol Clark; token=AADSTS50057: The user account is disabled.; known=Carol Clark is
    disabled. Spa Carol Clark
""", id="a person of two without a token"),
        pytest.param({"before": "then"}, "columns", """
columns:
  words=Before: 00:00; who=Then Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
  words=Now: 02:00; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="before and after"),
        pytest.param({"before": "then"}, "main", """
main: words=Now: 02:00; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="the later is explained"),
        pytest.param({"before": "then"}, "moved", """
moved: roles=[]; scp=[sign=−; value=user.gone; why=an administrator consented for everybody; by=None |
    sign=+; value=user.admin; why=an administrator consented for everybody; by=2026-01-03T02:00:00Z Add
    delegated permission grant: Api, Spa by Emulator admin]
""", id="what moved"),
        pytest.param({"person": "user:Judy Jones", "before": "then"}, "moved", """
moved:
""", id="what moved for one who came"),
        pytest.param({"before": "then", "kind": "id_token"}, "moved", """
moved: roles=[]; scp=[]
""", id="what moved in an ID token"),
        pytest.param({"person": "", "client": "client:Nightly", "before": "then"}, "moved", """
moved: roles=[]; scp=[]
""", id="what moved for a client"),
        pytest.param({"before": "then"}, "linked", """
linked: Spa Api Bob Baker MyApp Developers All Staff MyApp Writers
""", id="names before and after"),
        pytest.param({"before": "then"}, "deep", """
deep: https://localhost:8443~/token?person=user:Bob
    Baker&client=client:Spa&api=client:Api&compare=before&before=then
""", id="the address of before"),
        pytest.param({"before": "beginning"}, "columns", """
columns:
  words=Before: the beginning; who=Beginning Bob Baker; token=AADSTS700016: Application with identifier
    'client:Spa' was not found in the directory 'Contoso'. This can happen if the application has not been
    installed by the administrator of the tenant or consented to by any user in the tenant. You may have
    sent your authentication request to the wrong tenant.; known=No application of Contoso has the client id
    client:Spa.
  words=Now: 02:00; who=Bob Baker; token=token of aud iss iat nbf exp aio azp azpacr name oid
    preferred_username rh roles scp sid sub tid uti ver xms_ftd
""", id="before everything"),
        pytest.param({"compare": "before"}, "requested", """
requested: person=user:Bob Baker; client=client:Spa; api=client:Api; scopes=[]; compare=before; other=;
    before=then; kind=access_token
""", id="before, where nothing is named"),
        pytest.param({"compare": "x", "other": "user:Erin Evans"}, "requested", """
requested: person=user:Bob Baker; client=client:Spa; api=client:Api; scopes=[]; compare=person;
    other=user:Erin Evans; before=then; kind=access_token
""", id="another comparison"),
        pytest.param({"compare": "nothing", "before": "then"}, "requested", """
requested: person=user:Bob Baker; client=client:Spa; api=client:Api; scopes=[]; compare=nothing; other=;
    before=then; kind=access_token
""", id="no comparison, whatever is given"),
        pytest.param({"before": "never"}, "", """
edit_gone.html 404 at token
reason: there is no snapshot 'never'; there is beginning, apply of myapp.prod, then, now
""", id="no such moment"),
    ],
)  # fmt: skip
def test_the_token_lab_shows(browser: Browser, given: dict[str, str], wanted: str, text: str) -> None:
    """Hold what is asked for, what can be chosen, and what the tokens say: of Bob, Spa and Api by default."""
    requested = {"person": "user:Bob Baker", "client": "client:Spa", "api": "client:Api"} | given
    address = "&".join(f"{name}={value}" for name, value in requested.items() if value)

    assert shown(browser, token_lab.show, f"{address}#{wanted}") == text.strip("\n")


@pytest.mark.parametrize("sent", ["", " nonsense "])
def test_what_is_no_token_is_not_explained(browser: Browser, sent: str) -> None:
    """Hold the problem, and that nothing is shown of it."""
    opened = visit(browser, "", {"token": sent})
    problem = "This is not a JWT: three parts with dots between them are expected."

    assert token_lab.explain_pasted(opened).status_code == 200
    assert page(opened, names(browser.world)) == f"pasted.html 200 at token\nproblem: {problem}"


def test_a_pasted_token_is_explained_without_a_problem(browser: Browser) -> None:
    """Hold that spaces around it are nothing, and that its claims stand in rows."""
    token = browser.world.app_only("daemon", "api://api/.default").body["access_token"]
    opened = visit(browser, "", {"token": f"  {token} "})
    token_lab.explain_pasted(opened)

    assert (opened.template, opened.here, opened.values["problem"]) == ("pasted.html", "token", "")
    assert [words for words, _ in opened.values["rows"].parts] == [
        "What the API decides by",
        "Who it is about",
        "Protocol",
    ]
