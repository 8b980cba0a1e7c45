"""What a file of access tests says, whole: people, groups and tests with every word at its place."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.testing import reading
from entra_config.testing.model import (
    AccessTest,
    CertificateProof,
    ExpectedClaim,
    ExpectedOutcome,
    Group,
    PlacedString,
    Secret,
    SignInRequest,
    SignInUser,
    Suite,
    Workload,
)
from tests.unit.testing.conftest import FILE, Write

TEXT = """\
people:
  alice@contoso.com: { memberOf: [Clerks, Night], guest: true }
  bob@contoso.com: { enabled: false }
  carol@contoso.com:
groups:
  Night: { memberOf: [Bosses] }
  Bosses:
tests:
- it: one
  as: ALICE@contoso.com
  client: page
  asks: [openid, api/read]
  redirectUri: https://a.example.com/
  only: [dev]
  at: 2027-02-01
  expect:
    token: { roles: [Clerk, Boss], scp: a b, ver: 2.0, azp: absent, groups: { contains: Staff } }
    idToken: { oid: alice@contoso.com }
- it: two
  as: { memberOf: [Bosses], enabled: false }
  client: desk
  asks: [api/write]
  flow: deviceCode
  at: 2027-02-01T02:00:00+02:00
  expect: { refused: 50105 }
- { it: three, client: robot, asks: [api/.default], certificate: ci, expect: { token: {} } }
- { it: four, client: robot, asks: [api/.default], secret: { ends: 2027-03-01 }, expect: { token: {} } }
- { it: five, client: robot, asks: [a/b], workload: { issuer: https://i, subject: s, audience: x, claims: { k: v, n: '' } }, expect: { token: {} } }
- { it: six, client: robot, asks: [a/b], workload: { github: { repository: a/b, branch: m } }, expect: { token: {} } }
- { it: seven, as: bob@contoso.com, client: api, asks: [b/c], secret: true, onBehalfOf: { client: page, asks: [api/read] }, expect: { refused: AADSTS65001 } }
- it: grid
  client: page
  asks: [api/read]
  grid:
    roles: [Clerk, Boss]
    Alice@contoso.com: [x, .]
    Night: [x, x]
    bob@contoso.com: AADSTS50105
"""  # noqa: E501  # one test, one line


def at(word: str, begin: str = "") -> Position:
    """Return where a word stands, the first one behind another."""
    place = TEXT.index(word, TEXT.index(begin) if begin else 0)
    return Position(FILE, TEXT.count("\n", 0, place) + 1, place - TEXT.rfind("\n", 0, place))


def placed(word: str, begin: str = "") -> PlacedString:
    """Return a word with its place."""
    return PlacedString(word, at(word, begin))


def asked(client: str, *scopes: str, begin: str, proof: Any = None, uri: str = "") -> SignInRequest:
    """Return what a client asks for, in the test that begins so."""
    words = tuple(placed(word, TEXT[TEXT.index("asks", TEXT.index(begin)) :][:40]) for word in scopes)
    return SignInRequest(placed(client, begin), words, proof, uri)


ALICE = SignInUser(
    "alice@contoso.com", (placed("Clerks"), placed("Night")), guest=True, position=at("alice@contoso.com")
)
BOB = SignInUser("bob@contoso.com", enabled=False, position=at("bob@contoso.com"))
CAROL = SignInUser("carol@contoso.com", position=at("carol@contoso.com"))


def every_test(write: Write) -> dict[str, AccessTest]:
    """Return the tests of the file by name."""
    write(TEXT)
    (suite,) = reading.load(Path("manifests"))
    return {each.name: each for each in suite.tests}


def test_people_and_groups_are_of_the_file(write: Write) -> None:
    """Hold who is a guest, who is disabled, and who is in what."""
    write(TEXT)
    (suite,) = reading.load(Path("manifests"))

    assert suite == Suite(
        FILE,
        {each.name: each for each in (ALICE, BOB, CAROL)},
        {"Night": Group("Night", (placed("Bosses"),)), "Bosses": Group("Bosses")},
        suite.tests,
    )
    assert [each.name for each in suite.tests] == [
        *("one", "two", "three", "four", "five", "six", "seven"),
        *("grid: Alice@contoso.com", "grid: Night", "grid: bob@contoso.com"),
    ]


def test_a_person_signs_in_on_a_page(write: Write) -> None:
    """Hold each claim with its rule and place, sets as sets, and a day as its first moment."""
    token = (
        ExpectedClaim("roles", "is", ("Clerk", "Boss"), at("roles: [Clerk, Boss], scp")),
        ExpectedClaim("scp", "is", ("a", "b"), at("scp: a b")),
        ExpectedClaim("ver", "is", 2.0, at("ver: 2.0")),
        ExpectedClaim("azp", "absent", None, at("azp: absent")),
        ExpectedClaim("groups", "contains", ("Staff",), at("groups: { contains")),
    )
    id_token = (ExpectedClaim("oid", "is", "alice@contoso.com", at("oid:")),)

    assert every_test(write)["one"] == AccessTest(
        "one",
        at("it: one"),
        asked("page", "openid", "api/read", begin="client: page", uri="https://a.example.com/"),
        ExpectedOutcome(None, {"token": token, "idToken": id_token}, at("token: { roles")),
        "code",
        ALICE,
        only=("dev",),
        at=datetime(2027, 2, 1, tzinfo=UTC),
    )


def test_somebody_signs_in_elsewhere(write: Write) -> None:
    """Hold a person who is made for the test, a flow that is said, a moment in UTC, and a number alone."""
    who = SignInUser(
        "", (placed("Bosses", "as: { memberOf"),), enabled=False, position=at("{ memberOf: [Bosses], e")
    )

    assert every_test(write)["two"] == AccessTest(
        "two",
        at("it: two"),
        asked("desk", "api/write", begin="client: desk"),
        ExpectedOutcome(50105, {}, at("refused: 50105")),
        "deviceCode",
        who,
        at=datetime(2027, 2, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("name", "scope", "proof"),
    [
        ("three", "api/.default", CertificateProof(PlacedString("ci", at("ci, expect")))),
        ("four", "api/.default", Secret(datetime(2027, 3, 1, tzinfo=UTC))),
        ("five", "a/b", Workload("https://i", "s", "x", {"k": "v", "n": ""})),
        (
            "six",
            "a/b",
            Workload(
                "https://token.actions.githubusercontent.com",
                "repo:a/b:ref:refs/heads/m",
                "api://AzureADTokenExchange",
            ),
        ),
    ],
)
def test_an_application_signs_in_as_itself(name: str, scope: str, proof: Any, write: Write) -> None:
    """Hold each proof; without a person the flow is that of the application."""
    begin = f"it: {name},"
    assert every_test(write)[name] == AccessTest(
        name,
        at(begin),
        asked("robot", scope, begin=begin, proof=proof),
        ExpectedOutcome(None, {"token": ()}, at("{ token: {} }", begin)),
        "clientCredentials",
    )


def test_an_api_asks_on_behalf_of_whom_it_was_called_for(write: Write) -> None:
    """Hold that what it was called with is a request of its own."""
    assert every_test(write)["seven"] == AccessTest(
        "seven",
        at("it: seven"),
        asked("api", "b/c", begin="client: api", proof=Secret()),
        ExpectedOutcome(65001, {}, at("refused: AADSTS65001")),
        "onBehalfOf",
        BOB,
        asked("page", "api/read", begin="client: page, asks"),
    )


def test_a_grid_is_a_test_for_each_row(write: Write) -> None:
    """Hold who each row is: a person of the file, somebody in a group, or who is not let in."""
    found = every_test(write)
    begin = "it: grid"
    requested = asked("page", "api/read", begin=begin)
    roles = (placed("Clerk", "    roles: [Clerk, Boss]\n"), placed("Boss", "    roles: [Clerk, Boss]\n"))
    night, alice = at("Night: [x, x]"), at("Alice@contoso.com: [x")
    held = {
        "Alice@contoso.com": (alice, ("Clerk",), ALICE),
        "Night": (night, ("Clerk", "Boss"), SignInUser("", (PlacedString("Night", night),), position=night)),
    }
    for name, (place, values, who) in held.items():
        outcome = ExpectedOutcome(None, {"token": (ExpectedClaim("roles", "is", values, place),)}, place)
        assert found[f"grid: {name}"] == AccessTest(
            f"grid: {name}", place, requested, outcome, "code", who, roles=roles
        )
    place = at("bob@contoso.com: AADSTS")
    assert found["grid: bob@contoso.com"] == AccessTest(
        "grid: bob@contoso.com", place, requested, ExpectedOutcome(50105, {}, place), "code", BOB, roles=roles
    )
