"""Which characters stand where in a manifest: what the parser reads is what a reader of lines sees."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from entra_config.manifest import loader
from entra_config.manifest.reading import characters, yaml
from entra_config.manifest.reading.node import Items, Map, Node, Scalar
from tests.unit.manifest.conftest import HEAD, TENANT, Problems, Write

APP = 'applications: { api: { type: api, displayName: "API" } }\n'
HOLDER = "appRoleAssignments: { api: { default: { users: [mallory@contoso.com] } } }"


@pytest.mark.parametrize("char", ["\u2028", "\u2029", "\x85", "\r", "\x0b", "\x0c"])
def test_nothing_but_lf_and_crlf_ends_a_line(problems: Problems, char: str) -> None:
    """A line in a comment declares nothing, whatever else breaks lines for some readers."""
    found = problems(HEAD + f"# harmless {char}{HOLDER}\n" + APP)
    assert len(found) == 1
    assert found[0].startswith("entra-config.yaml:3:12: ")
    assert "LF or CRLF" in found[0]


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\u2066", "\u200f", "\u061c"]
)
@pytest.mark.parametrize("place", ["# {}", 'x: "{}"', "x: {}y"])
def test_controls_and_bidi_controls_stand_nowhere(char: str, place: str) -> None:
    """They are refused in comments and quoted values too."""
    with pytest.raises(ManifestError, match=f"U\\+{ord(char):04X}"):
        yaml.read(place.format(char), "a.yaml")


@pytest.mark.parametrize(
    "char", ["\u200b", "\u00ad", "\ufeff", "\u3164", "\u00a0", "\u2800", "\ufe0f", "\U000e0041", "\u2003"]
)
@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("# a {} comment\nkey: value\n", True),
        ('key: "quoted {} value"\n', True),
        ("key: 'quoted {} value'\n", True),
        ("key: value # and {} so\n", True),
        ("key: plain {} value\n", False),
        ("k{}ey: value\n", False),
        ('"k{}ey": value\n', True),
        ("key: a#{}b\n", False),
        ("key: |\n  # {} in a block\n", False),
        ("{}\nkey: value\n", False),
        ("key: 'a' {}\n", False),
    ],
)
def test_the_invisible_stands_in_comments_and_quotes_only(char: str, text: str, allowed: bool) -> None:
    """A plain value or key is what one sees."""
    if allowed:
        yaml.read("é: ü # ☃ before it\n" + text.format(char), "a.yaml")
    else:
        with pytest.raises(ManifestError, match=r"cannot be seen|not YAML"):
            yaml.read("é: ü # ☃ before it\n" + text.format(char), "a.yaml")


def test_a_byte_order_mark_and_crlf_are_what_windows_writes(write: Write) -> None:
    """Both are read; the mark at the start only."""
    write(HEAD + APP)
    root = Path("entra-config.yaml")
    root.write_bytes(b"\xef\xbb\xbf" + root.read_bytes().replace(b"\n", b"\r\n"))
    assert list(loader.load(root).applications) == ["api"]


def test_what_is_not_utf8_is_an_error_with_its_line(write: Write) -> None:
    """The line of the first such byte is said."""
    write(HEAD + APP)
    root = Path("entra-config.yaml")
    root.write_bytes(root.read_bytes() + b"# \xff\n")
    with pytest.raises(ManifestError, match=r":4:1: not UTF-8"):
        loader.load(root)


def test_a_file_full_of_it_is_said_shortly() -> None:
    """Twenty places, and that there are more."""
    with pytest.raises(ManifestError) as caught:
        yaml.read("# \u202e\n" * 1000, "a.yaml")
    assert len(caught.value.problems) == characters.MOST + 1


@pytest.mark.parametrize(("number", "more"), [(-1, False), (0, False), (1, True)])
def test_what_more_there_is_is_said_where_there_is_more(number: int, more: bool) -> None:
    """At the limit itself all places are told."""
    with pytest.raises(ManifestError) as caught:
        yaml.read("# \u202e\n" * (characters.MOST + number), "a.yaml")
    assert ("more characters of the kind follow" in str(caught.value)) == more
    lines = {each.position.line for each in caught.value.problems if each.position}
    assert lines == set(range(1, characters.MOST + min(number, 0) + 1))


def test_one_user_stands_once_in_a_lock_file(write: Write) -> None:
    """UPNs have no case: a second spelling above the reviewed one is an error with both places."""
    write(HEAD + APP)
    root = Path("entra-config.yaml")
    other = "22222222-2222-2222-2222-222222222222"
    lock = f"tenantId: {TENANT}\nusers:\n  Alice@contoso.com: {other}\n  alice@contoso.com: {TENANT}\n"
    root.with_name("entra-config.dev.lock.yaml").write_text(lock)
    with pytest.raises(
        ManifestError,
        match=r"lock\.yaml:4:3: `alice@contoso\.com` is the user `Alice@contoso\.com` at .*:3:3",
    ):
        loader.load(root)


OTHER = "22222222-2222-2222-2222-222222222222"


@pytest.mark.parametrize(
    ("section", "first", "second", "message"),
    [
        (
            "groups",
            f"On Call: {TENANT}",
            f"on call: {OTHER}",
            "`on call` is the group `On Call` at .*: names are found whatever",
        ),
        ("servicePrincipals", f"HR: {TENANT}", f"hr: {OTHER}", "`hr` is the service principal `HR` at "),
        (
            "applications",
            f"Api: {{ appId: {TENANT} }}",
            f"api: {{ appId: {OTHER} }}",
            "`api` is the application `Api` at ",
        ),
        (
            "applications",
            f"api: {{ appId: {TENANT} }}",
            f"spa: {{ appId: {TENANT} }}",
            f"`spa` is pinned to {TENANT}, and so is `api`",
        ),
    ],
)
def test_what_a_lock_file_names_stands_once(
    write: Write, section: str, first: str, second: str, message: str
) -> None:
    """A name in another case leads to the same object; one application is one key's, with all that is accepted of it."""
    write(HEAD + APP)
    root = Path("entra-config.yaml")
    root.with_name("entra-config.dev.lock.yaml").write_text(
        f"tenantId: {TENANT}\n{section}:\n  {first}\n  {second}\n"
    )
    with pytest.raises(ManifestError, match=rf"lock\.yaml:4:3: {message}"):
        loader.load(root)


def _values(node: Node | None) -> set[str]:
    match node:
        case Map(entries):
            return {key for entry in entries.values() for key in (entry.key, *_values(entry.node))}
        case Items(items):
            return {value for item in items for value in _values(item)}
        case Scalar(value):
            return {str(value)}
        case _:
            return set()


PLAIN = ["a", "b", "é", " ", "#", ":", '"', "'", "\t", "\n", "漢"]
ODD = ["\r", "\r\n", "\x85", "\u2028", "\u200b", "\u202e", "\ufeff", "\x00"]
SHAPES = ["{line}", "{line} # {noise}", "# {noise}{line}", "{line}", "# {line}{noise}", "'{safe}{name}': x"]
MARK = re.compile(r"declared\d+")


def _file(dice: random.Random) -> str:
    lines = []
    for number in range(dice.randint(2, 8)):
        noise = "".join(dice.choice(PLAIN if dice.random() < 0.9 else ODD) for _ in range(dice.randint(0, 4)))
        line = f"declared{number}: 'value{number}'"
        shape = dice.choice(
            [
                "{line}",
                "{line} # {noise}",
                "# {noise}{line}",
                "{line}",
                "# {line}{noise}",
                "'{safe}{name}': x",
            ]
        )
        safe = noise.replace("'", "").replace("#", "").replace("\n", "").replace("\r", "")
        lines.append(shape.format(line=line, noise=noise, safe=safe, name=f"declared{number}"))
    return dice.choice(["\n", "\r\n"]).join(lines) + "\n"


def _seen(text: str) -> set[str]:
    """Return what a reader of lines sees declared: split at LF and CRLF, comments cut."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    return {
        found for line in lines for found in MARK.findall(re.split(r"(?:^|(?<=[ \t]))#", line, maxsplit=1)[0])
    }


def declared_is_what_is_seen(seed: int) -> bool:
    """Read one random file; return whether it was accepted."""
    text = _file(random.Random(seed))
    try:
        node = yaml.read(text, "a.yaml")
    except ManifestError:
        return False
    assert {found for value in _values(node) for found in MARK.findall(value)} == _seen(text), repr(text)
    return True


def test_what_is_declared_is_what_a_reader_of_lines_sees() -> None:
    """Between valid lines of random characters, what the parser finds is what stands before the comments."""
    accepted = sum(declared_is_what_is_seen(seed) for seed in range(2_000))
    assert accepted > 800


def test_positions_count_as_editors_do(tmp_path: Path) -> None:
    """Lines and columns are of characters, from one, CRLF or not."""
    with pytest.raises(ManifestError) as caught:
        yaml.read("é: 1\r\nab: x\u200by\r\n", "a.yaml")
    assert str(caught.value.problems[0]).startswith("a.yaml:2:6: U+200B (ZERO WIDTH SPACE)")


def test_a_name_in_another_case_has_the_pin(write: Write) -> None:
    """As the tenant finds it by either, so does the lock file, which holds it once."""
    holders = "appRoleAssignments: { api: { default: { groups: [ALL STAFF] } } }\n"
    write(HEAD + APP + holders)
    root = Path("entra-config.yaml")
    root.with_name("entra-config.dev.lock.yaml").write_text(
        f"tenantId: {TENANT}\ngroups:\n  All Staff: {OTHER}\n"
    )

    ((group,),) = [each.groups for each in loader.load(root).assignments.values()]
    assert (group.name, group.id) == ("ALL STAFF", OTHER)
