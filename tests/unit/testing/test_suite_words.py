"""In which words a file of access tests is refused, and in which column."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.testing import reading
from entra_config.testing.model import ExpectedClaim
from tests.unit.testing.conftest import FILE, Write

ONE = "{{ it: a, client: page, asks: [api/read], {} }}"


@pytest.mark.parametrize(
    ("test", "messages"),
    [
        (
            ONE.format("as: {}, expect: { token: {}, «roles: [] }"),
            ["`roles` is not a key of `expect`. Known: `idToken`, `refused` and `token`."],
        ),
        (
            ONE.format("as: {}, expect: { refused: «[50105] }"),
            ["`refused`: expected a refusal of Entra, such as AADSTS50105, found a list"],
        ),
        (
            ONE.format("as: {}, expect: { refused: «12 }"),
            ["`refused`: expected a refusal of Entra, such as AADSTS50105, found the number 12"],
        ),
        (
            ONE.format("as: {}, flow: onBehalfOf, expect: { token: {} }"),
            [
                "the token that the API was called with: needs `onBehalfOf: { client: …, asks: […] }`",
            ],
        ),
        (
            ONE.format(
                "as: {}, flow: code, «onBehalfOf: { client: desk, asks: [api/x] }, expect: { token: {} }"
            ),
            ["the token that the API was called with: goes with flow onBehalfOf alone"],
        ),
        (
            ONE.format("flow: clientCredentials, «redirectUri: https://a, expect: { token: {} }"),
            ["`redirectUri` is for a person on a page: flow code"],
        ),
        (
            ONE.format("expect: { token: {} }, only: [«staging]"),
            ["`only`: `staging` is not an environment. Known: `dev`."],
        ),
        (
            ONE.format("as: «dora@contoso.com, expect: { token: {} }"),
            ["`as`: `dora@contoso.com` is not defined under `people` in this file."],
        ),
        (
            ONE.format("as: {}, expect: { token: { roles: «{} } }"),
            ["`roles`: expected a value, a list, `absent`, or { contains: [VALUE] }"],
        ),
        (
            ONE.format("as: {}, «expect: null"),
            ["`expect` is missing: `{ token: { roles: […] } }`, or `{ refused: AADSTS50105 }`"],
        ),
        (
            ONE.format("as: {}, expect: { token: {} }, secret: { «from: x }"),
            ["`from` is not a key of `secret`. Known: `ends`."],
        ),
        (
            ONE.format("grid: { roles: [A], G: [x] }, «flow: code"),
            [
                (
                    "`flow` is not a key of a grid. Known: `asks`, `at`, `certificate`, `client`, `each`, "
                    "`grid`, `it`, `only`, `redirectUri`, `secret` and `workload`."
                )
            ],
        ),
        (
            ONE.format("expect: { token: {} }, workload: { issuer: https://a, subject: «'x:${e}' }"),
            ["a test says what a token really has, without placeholders"],
        ),
        (
            ONE.format("expect: { token: {} }, workload: { issuer: «'https://${e}', subject: x }"),
            ["a test says what a token really has, without placeholders"],
        ),
        (
            ONE.format("as: {}, expect: { refused: «1.5 }"),
            ["`refused`: expected a refusal of Entra, such as AADSTS50105, found the number 1.5"],
        ),
    ],
)
def test_what_does_not_fit_is_said_in_these_words(test: str, messages: list[str], write: Write) -> None:
    """Hold all that is said, and in which column."""
    line = f"- {test if '«' in test else '«' + test}"
    write(f"tests:\n{line.replace('«', '')}\n")
    with pytest.raises(ManifestError) as refused:
        reading.load(Path("manifests"))
    assert str(refused.value).splitlines() == [f"{FILE}:2:{line.index('«') + 1}: {each}" for each in messages]


def test_a_person_needs_a_name_with_an_at(write: Write) -> None:
    """Hold that a group of the same file may be in another, and that a word without one is no person."""
    write("people: { alice: {} }\ngroups: { A: { memberOf: [B, C] }, B: { memberOf: [C] }, C: {} }\n")
    with pytest.raises(ManifestError) as refused:
        reading.load(Path("manifests"))
    assert (
        str(refused.value)
        == f"{FILE}:1:11: `people`: `alice` is not a user principal name (alice@contoso.com)"
    )


def test_a_group_is_in_itself_through_others(write: Write) -> None:
    """Hold that each of a ring is said once, where it leads back."""
    write("groups: { A: { memberOf: [B] }, B: { memberOf: [C] }, C: { memberOf: [A, D] }, D: {} }\n")
    with pytest.raises(ManifestError) as refused:
        reading.load(Path("manifests"))
    assert str(refused.value).splitlines() == [
        f"{FILE}:1:27: `B` would be in itself",
        f"{FILE}:1:49: `C` would be in itself",
        f"{FILE}:1:71: `A` would be in itself",
    ]


def test_what_is_wrong_with_each_item_of_a_list_is_said(write: Write) -> None:
    """Hold that one wrong item does not hide the next."""
    write(f"tests:\n- {ONE.format('as: {}, expect: { token: { amr: [null, pwd, pwd] } }')}\n")
    with pytest.raises(ManifestError) as refused:
        reading.load(Path("manifests"))
    assert [str(each).partition(": ")[2] for each in refused.value.problems] == [
        "`amr`: expected a string, a number, true or false, found null",
        "`amr`: duplicate `pwd`",
    ]


def test_a_group_has_one_key(write: Write) -> None:
    """Hold that another is refused, and that a group without any is one without groups."""
    write("groups: { A: { members: [] }, B: }\n")
    with pytest.raises(ManifestError) as refused:
        reading.load(Path("manifests"))
    assert str(refused.value) == f"{FILE}:1:16: `members` is not a key of a group. Did you mean `memberOf`?"


def test_only_scopes_are_words_of_a_text(write: Write) -> None:
    """Hold that a text with spaces is one value of every other claim, in a list or alone."""
    claims = "{ scp: a b, roles: a b, amr: [a b], given_name: a b }"
    write(f"tests:\n- {ONE.format('as: {}, expect: { token: ' + claims + ' }')}\n")
    (suite,) = reading.load(Path("manifests"))
    found = suite.tests[0].expected.tokens["token"]

    assert [(each.name, each.value) for each in found] == [
        ("scp", ("a", "b")),
        ("roles", ("a b",)),
        ("amr", ("a b",)),
        ("given_name", "a b"),
    ]
    assert all(isinstance(each, ExpectedClaim) and each.rule == "is" for each in found)
