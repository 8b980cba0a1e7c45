"""One application's own keys, and those that its neighbours must not have too: all that is noted."""

from __future__ import annotations

from pathlib import Path

from entra_config.manifest.environments.names import Names
from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.manifest.model import Application
from entra_config.manifest.reading.node import Map, Node
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections.application import Applications
from tests.unit.manifest.conftest import TENANT
from tests.unit.manifest.one_value import found, node

ID, PINNED = "5c1b2f7e-0000-4000-8000-00000000000a", "5c1b2f7e-0000-4000-8000-00000000000b"
LOCK = Lock(applications={"pinned": PinnedApplication(PINNED)})


def read(text: str) -> tuple[dict[str, Application], list[str]]:
    """Read applications with a lock file that pins one; what is noted has no columns."""

    def run(reader: Reader, of: Node | None) -> dict[str, Application]:
        assert isinstance(of, Map)
        return Applications(Path("f"), TENANT, LOCK, Names(reader, LOCK), reader).read(of)

    value, noted = found(run, node(text))
    return value, [each.split(": ", 1)[1] for each in noted]


def test_values_know_their_places() -> None:
    """Each key where it stands, and what lists hold at its entry."""
    text = f"""{{ app: {{ type: web,
 displayName: A,
 appId: {ID},
 identifierUris: ['https://a.example/x',
  'https://a.example/y'],
 redirectUris: ['https://a.example/z'],
 platforms: {{ spa: ['https://a.example/s'] }},
 authorizedClients: {{ {ID}: [x],
  {PINNED}: [x] }} }} }}"""
    value, _ = read(text)
    where = {path: position.line for path, position in value["app"].positions.items()}

    expected = {
        "displayName": 2,
        "appId": 3,
        "identifierUris": 4,
        "identifierUris.https://a.example/x": 4,
        "identifierUris.https://a.example/y": 5,
        "web.redirectUris.https://a.example/z": 6,
        "spa.redirectUris.https://a.example/s": 7,
        f"api.preAuthorizedApplications.{ID}": 8,
        f"api.preAuthorizedApplications.{PINNED}": 9,
    }
    assert {path: where.get(path) for path in expected} == expected
