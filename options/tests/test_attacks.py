"""Each attack in each place has the outcome that `outcomes.json` has for it."""

import json

import pytest

from options.tests import attempt, oracle, page
from options.tests.estate import Estate
from options.tests.oracle import Attempt
from options.tests.places import READER, WRITER
from options.tests.wire import Response

pytestmark = pytest.mark.options

ROWS = page.table()
FEWEST = 60
MOST_ABSENT = 0.2


@pytest.mark.parametrize("key", page.PLACES)
def test_each_attack_comes_to_what_the_page_says(
    estate: Estate, measured: dict[str, dict[str, str]], key: str
) -> None:
    """In this place."""
    expected, found = page.outcomes(), {}
    for row in ROWS:
        found[row["name"]] = attempt.run(estate, row, estate.places[key]).text
        measured.setdefault(row["name"], {})[key] = found[row["name"]]
    assert found == {name: expected.get(name, {}).get(key, "") for name in found}


def test_nothing_passes_but_what_is_known() -> None:
    """On a host behind the load balancer."""
    came = page.outcomes()
    passed = {(name, host) for name in came for host in page.HOSTS if came[name][host].startswith("passed")}
    assert passed == set(page.KNOWN)
    assert page.only_the_balancer(ROWS, came) == []


def test_the_table_is_long_and_few_cells_are_empty() -> None:
    """No two attacks have one name, and each is one in most places."""
    names = [row["name"] for row in ROWS]
    came = page.outcomes()
    assert len(names) >= FEWEST
    assert names == list(came)
    cells = [came[name][key] for name in names for key in page.PLACES]
    absent = [cell for cell in cells if cell.startswith("n/a: ")]
    assert len(absent) <= MOST_ABSENT * len(cells)
    assert {cell.split(" ")[0] for cell in cells} == {"n/a:", "refused", "refused:", "passed"}


@pytest.mark.parametrize("key", [key for key in page.PLACES if key != page.PAST_HTTPD])
def test_the_oracle_sees_what_may_happen(estate: Estate, key: str) -> None:
    """A good request of a Reader and of a Writer, told as if nobody had the right to it."""
    place = estate.places[key]
    title = f"a good one at {key}"
    body = json.dumps({"title": title, "text": ""}).encode()
    headers = [*estate.at_home(place, WRITER), ("Content-Type", "application/json")]
    wrote = place.ask("POST", place.address("/records"), headers, body)
    me, records = (
        place.ask("GET", place.address(path), estate.at_home(place, READER)) for path in ("/me", "/records")
    )
    assert [each.status for each in (wrote, me, records)] == [201, 200, 200]
    seen = oracle.happened(Attempt(title, responses=[me, records]), {place.database}, [], {place.origin})
    assert seen == ["a record was written", f"it was {READER}", "roles Reader", "records were told"]
    assert oracle.happened(Attempt("none", READER, [me, records]), {place.database}, [], {place.origin}) == []


@pytest.mark.parametrize(
    ("response", "seen"),
    [
        (Response(302, [("Location", "//evil.example/x")]), "led to https://evil.example"),
        (Response(302, [("Location", "/\\evil.example")]), "led to https://evil.example"),
        (Response(302, [("Location", "/\t/evil.example")]), "led to https://evil.example"),
        (Response(302, [("Location", "https:evil.example")]), "led to https:evil.example"),
        (Response(302, [("Location", "javascript:alert(1)")]), "led to javascript:"),
        (Response(302, [("Location", "https://app@evil.example/")]), "led to https://evil.example"),
        (
            Response(302, [("Location", "/x?redirect_uri=https://evil.example/")]),
            "led to https://evil.example",
        ),
        (Response(302, [("Location", "/x?a=//evil.example")]), ""),
        (Response(302, [("Location", "https://app/x")]), ""),
        (Response(200, [], '{"location": "https://evil.example/"}'), "led to https://evil.example"),
        (Response(200, [("Refresh", "//evil.example")]), "led to https://evil.example"),
        (Response(200, [("Access-Control-Allow-Origin", "https://evil.example")]), "another site may read"),
        (Response(200, [("Access-Control-Allow-Origin", "*")]), "another site may read"),
        (Response(200, [], "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.x"), "a token was told"),
        (Response(200, [], '{"owners": []}'), "what administrators see was told"),
        (Response(200, [], '{"account": {"username": "alice@contoso.com"}}'), "it was alice@contoso.com"),
        (Response(200, [], '{"username": "bob@contoso.com", "roles": ["Admin"]}'), "roles Admin"),
        (Response(500), "the server broke (500)"),
        (
            Response(200, [("Set-Cookie", "__Host-x=1; Path=/; Secure; SameSite=Lax")]),
            "a weak cookie (__host-x)",
        ),
        (
            Response(200, [("Set-Cookie", "x=1; Path=/; Secure; HttpOnly; SameSite=Lax")]),
            "a cookie without __Host- (x)",
        ),
        (
            Response(200, [("Set-Cookie", "__Host-x=1; Path=/; Secure; HttpOnly; SameSite=None")]),
            "a cookie that goes with other sites' requests (__host-x)",
        ),
        (Response(200, [("Set-Cookie", "__Host-x=1; Path=/; Secure; HttpOnly; SameSite=Lax")]), ""),
        (Response(200, [("Set-Cookie", "x=; Path=/; Max-Age=0")]), ""),
    ],
)
def test_the_oracle_sees_what_must_not_happen(response: Response, seen: str) -> None:
    """Of a Reader's request, in its answer alone."""
    found = oracle.happened(Attempt("x", READER, [response]), [], [], {"https://app"})
    assert found == ([seen] if seen else [])


def test_the_oracle_sees_a_host_that_was_asked() -> None:
    """By a server that was made to."""
    assert oracle.happened(Attempt("x"), [], ["/keys"], []) == ["a host of the attacker's was asked"]
