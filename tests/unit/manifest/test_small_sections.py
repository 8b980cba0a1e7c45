"""`authority`, `logo` and `operations`: each form, and all that is noted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from entra_config.errors import Position
from entra_config.manifest.parts import Logo
from entra_config.manifest.reading.node import Entry, Map, Scalar
from entra_config.manifest.sections import authority, logo, target_operations
from entra_config.manifest.targets import Operation
from tests.unit.manifest.declared import OWN
from tests.unit.manifest.one_value import found, node

FORM = (
    "is not of the form `https://NAME.ciamlogin.com`, in lower case, without a path; leave it out where the "
    "tenant is no External ID tenant"
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
                "f:1:39: `why` is no key of an operation. Known: `anyScope`, `applicationRoles`, `roles` and `scopes`.",
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


def picture(name: Any) -> tuple[Logo | None, list[str]]:
    """Read a picture that an application in `apps/a.yaml` names."""
    where = Position("apps/a.yaml", 3, 9)
    fields = Map({"logo": Entry("logo", Position("apps/a.yaml", 3, 3), Scalar(name, where))})
    value, noted = found(lambda reader, _: logo.read(fields, Path("entra-config.yaml"), reader), None)
    return value, noted


PNG = b"\x89PNG\r\n\x1a\n..."
OUTSIDE = "pictures stand below the root file's folder, named relative to this file"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"GIF87a.", "image/gif"),
        (b"GIF89a.", "image/gif"),
        (b"\xff\xd8\xff.", "image/jpeg"),
        (PNG, "image/png"),
        (b"<svg/>", None),
        (b"", None),
    ],
)
def test_a_picture_is_what_its_first_bytes_say(folder: Path, content: bytes, expected: str | None) -> None:
    """Whatever it is called; what Graph does not take is noted."""
    (folder / "apps").mkdir()
    (folder / "apps/logo.svg").write_bytes(content)

    if expected:
        assert picture("logo.svg") == (Logo(content, expected, Position("apps/a.yaml", 3, 3)), [])
    else:
        assert picture("logo.svg") == (None, ["apps/a.yaml:3:9: `logo`: `logo.svg` is no GIF, JPEG or PNG"])


@pytest.mark.parametrize(
    ("name", "noted"),
    [
        (None, []),
        (7, ["`logo`: expected a string (write it in quotes), found the number 7"]),
        ("../../logo.png", [f"`logo`: `../../logo.png`: {OUTSIDE}"]),
        ("/etc/logo.png", [f"`logo`: `/etc/logo.png`: {OUTSIDE}"]),
        ("none.png", ["`logo`: `apps/none.png` cannot be read: no such file"]),
        ("a\x00.png", ["`logo` holds a control character"]),
        ("large.png", ["`logo`: `apps/large.png` is larger than 100 KB, which is all that Graph takes"]),
    ],
)
def test_what_is_no_picture_is_noted(folder: Path, name: Any, noted: list[str]) -> None:
    """It stands in a file below the root file's folder, of a size that Graph takes."""
    (folder / "apps").mkdir()
    (folder / "apps/large.png").write_bytes(PNG + bytes(100 * 1024 + 1 - len(PNG)))

    assert picture(name) == (None, [f"apps/a.yaml:3:9: {each}" for each in noted])


def test_a_picture_may_be_as_large_as_graph_takes(folder: Path) -> None:
    """And stand in another folder of the manifest, but not be named by its whole path."""
    content = PNG + bytes(100 * 1024 - len(PNG))
    (folder / "apps").mkdir()
    (folder / "logo.png").write_bytes(content)

    assert picture("../logo.png") == (Logo(content, "image/png", Position("apps/a.yaml", 3, 3)), [])
    whole = str(folder / "logo.png")
    assert picture(whole) == (None, [f"apps/a.yaml:3:9: `logo`: `{whole}`: {OUTSIDE}"])


@pytest.mark.parametrize("text", ["{}", "{ logo: null }"])
def test_an_application_may_have_no_picture(text: str) -> None:
    """Where nothing is said, and where an override takes it away."""
    fields = node(text)
    assert isinstance(fields, Map)

    assert found(lambda reader, _: logo.read(fields, Path("entra-config.yaml"), reader), None) == (None, [])
