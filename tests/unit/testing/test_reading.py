"""Files of access tests: what they say, and what is wrong with them, each with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.testing import reading
from entra_config.testing.model import AccessTest, ExpectedClaim, Workload
from tests.unit.testing.conftest import MANIFEST, Write

ONE = "- {{ it: holds, as: {{ memberOf: [] }}, client: page, asks: [api/read], expect: {expect} }}"


def problems(text: str, write: Write) -> list[str]:
    """Return what is wrong with a file, as a user reads it."""
    write(text)
    with pytest.raises(ManifestError) as caught:
        reading.load(Path("manifests"))
    return [str(problem) for problem in caught.value.problems]


def in_file(text: str, write: Write) -> tuple[AccessTest, ...]:
    """Return the tests of a file that holds."""
    write(text)
    return tuple(test for suite in reading.load(Path("manifests")) for test in suite.tests)


def test_no_folder_of_tests_is_no_tests(folder: Path) -> None:
    """A manifest without tests is no error."""
    assert reading.load(Path("manifests")) == ()


def test_what_is_wrong_is_told_at_once_with_places_and_near_misses(write: Write) -> None:
    """Unknown keys, nobody, an unknown environment, a number that Entra never says: each where it stands."""
    text = """\
people:
  alice@contoso.com: { memberof: [Clerks] }
  bob: {}
tests:
  - it: holds
    as: alise@contoso.com
    cliant: page
    client: page
    only: [prd]
    asks: [api/read]
    expect: { refused: AADSTS50106 }
"""
    found = problems(text, write)
    nobody = "is not defined under `people` in this file."

    assert found == [
        "manifests/tests/a.yaml:2:24: `memberof` is not a key of a person. Did you mean `memberOf`?",
        "manifests/tests/a.yaml:3:3: `people`: `bob` is not a user principal name (alice@contoso.com)",
        f"manifests/tests/a.yaml:6:9: `as`: `alise@contoso.com` {nobody} Did you mean `alice@contoso.com`?",
        "manifests/tests/a.yaml:7:5: `cliant` is not a key of a test. Did you mean `client`?",
        "manifests/tests/a.yaml:9:12: `only`: `prd` is not an environment. Known: `dev`.",
        *[each for each in found if "AADSTS50106" in each],
    ]
    assert found[-1].startswith(
        "manifests/tests/a.yaml:11:24: `refused`: AADSTS50106: the emulator refuses nothing so. Did you mean"
    )
    assert "`AADSTS50105`" in found[-1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tests: [just a text]", "1:9: `tests`: expected a test"),
        ("tests:\n- { it: a, client: page, asks: [api/read], as: {} }", "`expect` is missing"),
        ("tests:\n- { it: a, client: page, as: {}, expect: { token: {} } }", "`asks` is missing"),
        (
            "tests:\n- { it: a, client: page, asks: [openid], expect: { token: {} }, flow: code }",
            "`as` is missing",
        ),
        (
            (
                "tests:\n- { it: a, client: page, asks: [x/y], expect: { token: {} }, as: {}, flow: "
                "clientCredentials }"
            ),
            "no person in it",
        ),
        ("tests:\n- " + ONE[2:].format(expect="{ token: {}, refused: 50105 }"), "one or the other"),
        ("tests:\n- " + ONE[2:].format(expect="{ idToken: {} }"), "where `openid` is among `asks`"),
        (
            "tests:\n- " + ONE[2:].format(expect="{ token: { roles: { has: [A] } } }"),
            "`has` is not a key of what `roles` must be",
        ),
        (
            "tests:\n- " + ONE[2:].format(expect="{ token: { roles: { contains: [] } } }"),
            "which every token contains",
        ),
        ("tests:\n- " + ONE[2:].format(expect="{ token: { roles: [A, A] } }"), "duplicate `A`"),
        *(
            (
                "tests:\n- " + ONE[2:].format(expect=f"{{ token: {{ roles: {value} }} }}"),
                "`roles`: expected a string, a number, true or false",
            )
            for value in (
                "[A, null]",
                "[[A]]",
                "[{ a: b }]",
                "null",
                "{ contains: [null] }",
                "{ contains: null }",
            )
        ),
        ("tests:\n- " + ONE[2:].format(expect="{ token: { azp: null } }"), "expected a value, a list or"),
        ("tests:\n- " + ONE[2:].format(expect="{ token: { scp: a b a } }"), "duplicate `a`"),
        ("tests:\n- " + ONE[2:].format(expect="{}"), "`expect` says nothing"),
        (
            "tests:\n- " + ONE[2:].format(expect="{ token: {} }, secret: hunter2"),
            "no secret stands in a test",
        ),
        (
            "tests:\n- " + ONE[2:].format(expect="{ token: {} }, secret: true, certificate: ci"),
            "by one of them",
        ),
        ("tests:\n- " + ONE[2:].format(expect="{ token: {} }, at: tomorrow"), "expected a day"),
        ("tests:\n- " + ONE[2:].format(expect="{ token: {} }, only: []"), "names no environment"),
        (
            "tests:\n- "
            + ONE[2:].format(
                expect="{ token: {} }, workload: { issuer: https://a, subject: 'x:${environment}' }"
            ),
            "without placeholders",
        ),
        (
            "tests:\n- "
            + ONE[2:].format(
                expect="{ token: {} }, workload: { github: { repository: a/b, tag: 'x${environment}' } }"
            ),
            "without placeholders",
        ),
        (
            "tests:\n- " + ONE[2:].format(expect="{ token: {} }, workload: { github: { repository: a/b } }"),
            "`github` needs one of `environment`, `branch`, `tag`",
        ),
        (
            "tests:\n- "
            + ONE[2:].format(
                expect="{ token: {} }, workload: { terraformCloud: { matches: \"claims['sub'] eq 'x'\" } }"
            ),
            "`matches` stands in the manifest",
        ),
        (
            "tests:\n- "
            + ONE[2:].format(expect="{ token: {} }, workload: { issuer: https://a, matches: x }"),
            "`matches` is not a key of a workload",
        ),
        (
            "tests:\n- "
            + ONE[2:].format(
                expect="{ token: {} }, workload: { managedIdentity: { objectId: %s } }" % (8 * "1")
            ),
            "`tenantId` of `managedIdentity` is missing",
        ),
        (
            "tests:\n- " + ONE[2:].format(expect="{ token: {} }, onBehalfOf: { client: page, asks: [a/b] }"),
            "who called the API",
        ),
        ("groups: { A: { memberOf: [B] }, B: { memberOf: [A] } }", "would be in itself"),
        ("people: { a@b.c: {}, A@b.c: {} }", "differ only in the case"),
        ("tests:\n" + 2 * f"{ONE.format(expect='{ token: {} }')}\n", "each has a name of its own"),
        ("people: {}\npeople: {}\n", "duplicate `people`"),
        ("tests:\n- it: \u202eholds\n", "reorders the text around it"),
        ("peple: {}", "`peple` is not a key of a file of access tests. Did you mean `people`?"),
        (
            "tests:\n- { it: a, client: page, asks: [api/read], grid: { roles: [Clerk], a@b.c: [x] } }",
            "not defined under `people`",
        ),
        (
            "tests:\n- { it: a, client: page, asks: [api/read], grid: { roles: [Clerk], Clerks: [x, .] } }",
            "2 cells, and there are 1",
        ),
        (
            "tests:\n- { it: a, client: page, asks: [api/read], grid: { roles: [Clerk], Clerks: [y] } }",
            "`x` (has the role)",
        ),
        (
            "tests:\n- { it: a, client: page, asks: [api/read], grid: { roles: [Clerk] } }",
            "a row for each person",
        ),
        (
            "tests:\n- { it: a, client: page, asks: [api/read], grid: { Clerks: [x] } }",
            "the heads of the columns",
        ),
        ("- a", "expected a map of people, groups and tests"),
    ],
)
def test_what_does_not_fit_is_an_error_at_its_place(text: str, said: str, write: Write) -> None:
    """Nothing is guessed: a test that says less or more than it can is told, with file, line and column."""
    found = problems(text, write)

    assert any(said in each for each in found), found
    assert all(each.startswith("manifests/tests/a.yaml:") for each in found)


def test_a_test_is_read_as_it_stands(write: Write) -> None:
    """Flow and proof follow from what is there; sets are sets, whatever way a token spells them."""
    (test,) = in_file(
        """\
tests:
  - it: works
    client: robot
    workload: { issuer: https://ci.example.com, subject: main }
    asks: [api/.default]
    expect: { token: { scp: absent, roles: Robot, aud: api } }
""",
        write,
    )

    assert (test.flow, test.person) == ("clientCredentials", None)
    assert test.request.proof == Workload("https://ci.example.com", "main", "api://AzureADTokenExchange")
    assert [(claim.name, claim.rule, claim.value) for claim in test.expected.tokens["token"]] == [
        ("scp", "absent", None),
        ("roles", "is", ("Robot",)),
        ("aud", "is", "api"),
    ]


def test_each_row_of_a_grid_is_a_test(write: Write) -> None:
    """A person, a group that somebody is in, and a refusal: each row stands for itself, at its own line."""
    text = """\
people: { alice@contoso.com: { memberOf: [Clerks] } }
tests:
  - it: gives roles
    client: page
    asks: [api/read]
    grid:
      roles: [Clerk, Boss.All]
      Alice@contoso.com: [x, .]
      Bosses: [., x]
      Strangers: AADSTS50105
"""
    alice, bosses, strangers = in_file(text, write)

    assert [(each.name, each.position.line) for each in (alice, bosses, strangers)] == [
        ("gives roles: Alice@contoso.com", 8),
        ("gives roles: Bosses", 9),
        ("gives roles: Strangers", 10),
    ]
    assert alice.person is not None
    assert alice.person.name == "alice@contoso.com"
    assert bosses.person is not None
    assert [word.text for word in bosses.person.member_of] == ["Bosses"]
    assert alice.expected.tokens["token"] == (ExpectedClaim("roles", "is", ("Clerk",), alice.position),)
    assert strangers.expected.refused == 50105


def test_the_root_file_says_where_tests_stand_and_what_they_may_declare(folder: Path, write: Write) -> None:
    """`tests:` takes globs and fences as `files:` does; a fence holds people, groups and tests by name."""
    root = folder / "manifests/entra-config.yaml"
    restricted = "tests: [{ path: tests/team/*.yaml, mayDeclare: ['tests/team *', 'people/*'] }]\n"
    root.write_text(restricted + MANIFEST)
    write("- no file of tests here", "elsewhere.yaml")
    inside = "people: {{ a@b.c: {{}} }}\n{more}tests:\n"
    inside += "- {{ it: {name}, client: page, asks: [api/read], as: a@b.c, expect: {{ token: {{}} }} }}\n"
    write(inside.format(name="team reads", more=""), "team/a.yaml")
    assert [test.name for suite in reading.load(Path("manifests")) for test in suite.tests] == ["team reads"]

    write(inside.format(name="others read", more="groups: { Clerks: {} }\n"), "team/a.yaml")
    with pytest.raises(ManifestError) as caught:
        reading.load(Path("manifests"))

    outside = "is outside of what this file may declare: `tests/team *`, `people/*`"
    assert [str(each) for each in caught.value.problems] == [
        f"manifests/tests/team/a.yaml:2:11: `groups/Clerks` {outside}",
        f"manifests/tests/team/a.yaml:4:3: `tests/others read` {outside}",
    ]

    root.write_text("tests: [nowhere/*.yaml]\n" + MANIFEST)
    with pytest.raises(ManifestError, match="matches no file"):
        reading.load(Path("manifests"))


def test_people_are_members_and_may_sign_in_unless_it_says_otherwise(write: Write) -> None:
    """As a directory makes them."""
    write("people: { bob@x.org: , eve@x.org: { guest: true }, tom@x.org: { enabled: false } }\n")
    (suite,) = reading.load(Path("manifests"))
    assert [(each.guest, each.enabled) for each in suite.people.values()] == [
        (False, True),
        (True, True),
        (False, False),
    ]
