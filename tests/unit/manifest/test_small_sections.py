"""`authority` and `operations`: each form, and all that is noted."""

from __future__ import annotations

import pytest

from entra_config.manifest.sections import authority, target_operations
from entra_config.manifest.targets import Operation
from tests.unit.manifest.declared import OWN
from tests.unit.manifest.one_value import found, node

FORM = (
    "is not of the form `https://NAME.ciamlogin.com`, in lower case, without a path; remove it if the "
    "tenant is not an External ID tenant"
)


@pytest.mark.parametrize(
    ("text", "value", "noted"),
    [
        ("", "", []),
        ("null", "", []),
        ("https://contoso.ciamlogin.com", "https://contoso.ciamlogin.com", []),
        (
            "https://Contoso.ciamlogin.com",
            "",
            [f"f:1:4: `authority`: `https://Contoso.ciamlogin.com` {FORM}"],
        ),
        ("https://c.ciamlogin.com/x", "", [f"f:1:4: `authority`: `https://c.ciamlogin.com/x` {FORM}"]),
        ("https://login.contoso.com", "", [f"f:1:4: `authority`: `https://login.contoso.com` {FORM}"]),
        ("7", "", ["f:1:4: `authority`: expected a string (write it in quotes), found the number 7"]),
    ],
)
def test_an_authority(text: str, value: str, noted: list[str]) -> None:
    """That of an External ID tenant, and no custom domain."""
    assert found(lambda reader, it: authority.read(it, reader), node(text)) == (value, noted)


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", (), []),
        ("{ list: {} }", (Operation("list", (), False, (), ()),), []),
        (
            "{ list: { scopes: [read, write], roles: [Person], applicationRoles: [Job] }, a.b_c-1: { anyScope: [read] } }",
            (
                Operation("list", ("data.read", "data.write"), False, ("person",), ("job",)),
                Operation("a.b_c-1", ("data.read",), True, (), ()),
            ),
            [],
        ),
        (
            "{ 1st: { scopes: [raed, 7] } }",
            (Operation("1st", (), False, (), ()),),
            [
                "f:1:6: `operations`: `1st` is not a letter and then letters, digits, `.`, `_` and `-`",
                "f:1:22: `scopes`: `api` has no `raed`. Did you mean `read`?",
                "f:1:28: `scopes`: expected a string (write it in quotes), found the number 7",
            ],
        ),
        (
            "{ list: { scopes: [], roles: null, why: null } }",
            (Operation("list", (), False, (), ()),),
            [
                "f:1:39: `why` is not a key of an operation. Known: `anyScope`, `applicationRoles`, `roles` and `scopes`.",
                "f:1:14: `scopes` is empty: leave it out where none is needed",
                "f:1:26: `roles` is empty: leave it out where none is needed",
            ],
        ),
        (
            "{ list: { scopes: 7 } }",
            (Operation("list", (), False, (), ()),),
            ["f:1:22: `scopes`: expected a list, found the number 7"],
        ),
        (
            "{ list: { scopes: [read], anyScope: [write] } }",
            (Operation("list", ("data.write",), True, (), ()),),
            ["f:1:30: `anyScope` stands in place of `scopes`: keep one"],
        ),
    ],
)
def test_operations(text: str, expected: tuple[Operation, ...], noted: list[str]) -> None:
    """What each needs of its caller, as values that tokens carry."""
    value, problems = found(
        lambda reader, it: tuple(target_operations.read(reader.map(it, "operations"), OWN["api"], reader)),
        node(text),
    )

    assert (value, problems) == (expected, noted)
