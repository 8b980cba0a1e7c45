"""Which URLs `settings` takes, which file names, and in which environments an entry is."""

from __future__ import annotations

import pytest

from entra_config.errors import Position
from entra_config.manifest.environments import environment
from entra_config.manifest.reading.node import Entry, Items, Map, Node, Scalar
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader
from tests.unit.manifest.conftest import Load

HERE = Position("a.yaml", 3, 1)
API = "applications: {{ api: {{ type: api, displayName: API }} }}\nsettings: {{ apis: {{ api: {{ url: {} }} }} }}\n"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example", "https://a.example"),
        ("https://a.example/b/", "https://a.example/b"),
        ("https://a.example:8443", "https://a.example:8443"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("https://localhost", "https://localhost"),
    ],
)
def test_a_url_that_holds(load: Load, url: str, expected: str) -> None:
    """Of https, of http on this machine alone; no slash at its end."""
    assert load(API.format(f'"{url}"')).settings.api("api").url == expected


def node(*names: Node) -> Map:
    """Return an entry with `only`."""
    return Map({"only": Entry("only", HERE, Items(list(names), HERE))}, HERE)


DEV, PROD, ODD = Scalar("dev", HERE), Scalar("prod", HERE), Map({}, HERE)


@pytest.mark.parametrize(
    ("entry", "expected", "wrong"),
    [
        (Map({}, HERE), True, []),
        (Map({"only": Entry("only", HERE, Scalar(None, HERE))}, HERE), True, []),
        (node(DEV), True, []),
        (node(PROD, DEV), True, []),
        (node(PROD), False, []),
        (node(), False, ["`only` names no environment: leave the key out, or name some"]),
        (node(Scalar("dve", HERE), DEV), True, ["`dve` is not an environment. Did you mean `dev`?"]),
        (node(ODD), False, ["`only`: expected a string, found a map"]),
        (Map({"only": Entry("only", HERE, DEV)}, HERE), False, ['`only`: expected a list, found "dev"']),
    ],
)
def test_an_entry_is_in_the_environments_that_it_names(
    entry: Map, wrong: list[str], *, expected: bool
) -> None:
    """In all of them where it names none; another name is told."""
    found = Problems()
    assert environment.is_in(entry, "dev", frozenset({"dev", "prod"}), Reader(found)) is expected
    assert [each.message for each in found.found] == wrong
