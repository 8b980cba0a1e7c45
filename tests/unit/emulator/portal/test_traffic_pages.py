"""The page of the traffic, value by value."""

from collections.abc import Callable

import pytest
from starlette.responses import Response

from entra_emulator.portal import stream
from entra_emulator.portal.visit import Visit
from tests.unit.emulator.portal import example
from tests.unit.emulator.portal.browsing import Browser
from tests.unit.emulator.portal.showing import shown


@pytest.fixture(scope="module")
def browser() -> Browser:
    """Give the portal of the example tenant; nothing is changed in it."""
    return example.used()


@pytest.mark.parametrize(
    ("handler", "address", "path", "page"),
    [
        pytest.param(stream.show, "", {}, """
traffic.html 200 at traffic
wanted: words=; kind=all; result=all
rows:
  Emulator admin <~/traffic?open=14>
  Emulator admin <~/traffic?open=13>
  Emulator admin <~/traffic?open=12>
  Emulator admin <~/traffic?open=11>
  Emulator admin <~/traffic?open=10>
  Emulator admin <~/traffic?open=9>
  Emulator admin <~/traffic?open=8>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=7>
  Bob Baker at Spa <~/traffic?open=6>
  Nightly · the API has no enterprise application in this tenant <~/traffic?open=5>
  Nightly · api://api/.default Writer <~/traffic?open=4>
  Bob Baker at Spa · user.read user.gone user.write Writer <~/traffic?open=3>
  Bob Baker at Spa <~/traffic?open=2>
  Spa <~/traffic?open=1>
gone: False
total: 14 requests since the start, 1 of the last 14 refused
more: False
""", id="all"),
        pytest.param(stream.show, "kind=graph#rows", {}, """
rows:
  Emulator admin <~/traffic?kind=graph&open=14>
  Emulator admin <~/traffic?kind=graph&open=13>
  Emulator admin <~/traffic?kind=graph&open=12>
  Emulator admin <~/traffic?kind=graph&open=11>
  Emulator admin <~/traffic?kind=graph&open=10>
  Emulator admin <~/traffic?kind=graph&open=9>
  Emulator admin <~/traffic?kind=graph&open=8>
""", id="of Graph"),
        pytest.param(stream.show, "kind=sign-in&q=NIGHTLY#rows", {}, """
rows:
  Nightly · the API has no enterprise application in this tenant <~/traffic?q=NIGHTLY&kind=sign-in&open=5>
  Nightly · api://api/.default Writer <~/traffic?q=NIGHTLY&kind=sign-in&open=4>
""", id="sign-ins of a name"),
        pytest.param(stream.show, "result=refused#rows", {}, """
rows: [Nightly · the API has no enterprise application in this tenant <~/traffic?result=refused&open=5>]
""", id="what was refused"),
        pytest.param(stream.show, "result=writes#rows", {}, """
rows:
  Emulator admin <~/traffic?result=writes&open=14>
  Emulator admin <~/traffic?result=writes&open=13>
  Emulator admin <~/traffic?result=writes&open=12>
  Emulator admin <~/traffic?result=writes&open=11>
  Emulator admin <~/traffic?result=writes&open=10>
  Emulator admin <~/traffic?result=writes&open=9>
  Emulator admin <~/traffic?result=writes&open=8>
""", id="what writes"),
        pytest.param(stream.show, "result=writes&q=/GROUPS/#rows", {}, """
rows:
  Emulator admin <~/traffic?q=%2FGROUPS%2F&result=writes&open=14>
  Emulator admin <~/traffic?q=%2FGROUPS%2F&result=writes&open=8>
""", id="what writes at a path"),
        pytest.param(stream.show, "q=nothing such#rows", {}, """

""", id="nothing of the words"),
        pytest.param(stream.show, "open=4#opened", {}, r"""
opened: row=Nightly · api://api/.default Writer <~/traffic?open=4>; person=Nightly
    <~/enterprise/sp:Nightly>; client=Nightly <~/registrations/app:Nightly>; query=[]; body=client_id =
    client:Nightly client_info = masked grant_type = client_credentials scope = api://api/.default
    client_secret = masked; response={   "token_type": "Bearer",   "expires_in": 3599,   "ext_expires_in":
    3599,   "access_token": "masked" }; location=; agent=testclient; correlation=; curl=curl --cacert
    "$SSL_CERT_FILE" -X POST \   --data-urlencode client_id=client:Nightly \   --data-urlencode
    client_info=masked \   --data-urlencode grant_type=client_credentials \   --data-urlencode
    scope=api://api/.default \   --data-urlencode client_secret=masked \
    https://localhost:8443/CONTOSO/oauth2/v2.0/token; known=None; again=False
""", id="a sign-in is opened"),
        pytest.param(stream.show, "open=8&q=audit#opened", {}, r"""
opened: row=Emulator admin <~/traffic?q=audit&open=8>; person=Emulator admin <~/enterprise/sp:Emulator
    admin>; client=Emulator admin <~/registrations/app:Emulator admin>; query=[]; body={   "description":
    "Reads and writes" }; response=; location=; agent=; correlation=; curl=curl --cacert "$SSL_CERT_FILE" -X
    PATCH \   -H "Authorization: Bearer $TOKEN" \   -H 'Content-Type: application/json' \   -d '{
    "description": "Reads and writes" }' \   https://localhost:8443/v1.0/groups/group:Audit; known=None;
    again=True
""", id="a write is opened"),
        pytest.param(stream.show, "open=8#gone", {}, """
gone: False
""", id="opened or not"),
        pytest.param(stream.show, "open=999#gone", {}, """
gone: True
""", id="one that is gone"),
        pytest.param(stream.show, "open=x#gone", {}, """
gone: True
""", id="no number"),
    ],
)  # fmt: skip
def test_a_page_of_the_traffic_says_all(
    browser: Browser, handler: Callable[[Visit], Response], address: str, path: dict[str, str], page: str
) -> None:
    """Hold which requests stand on it, and all of one that is opened."""
    assert shown(browser, handler, address, **path) == page.strip("\n")
