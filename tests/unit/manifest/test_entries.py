"""How many entries all lists of an application may have together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.manifest.environments.names import Names
from entra_config.manifest.environments.pins import Lock
from entra_config.manifest.fields import limits
from entra_config.manifest.model import Application, Setting
from entra_config.manifest.reading.node import Map, Node
from entra_config.manifest.reading.reader import Reader
from entra_config.manifest.sections.application import Applications
from entra_config.manifest.sections.declared_applications import DeclaredApplications
from tests.unit.manifest.conftest import TENANT
from tests.unit.manifest.declared import EXTERNAL, GALLERY, OWN
from tests.unit.manifest.one_value import found, node

# Two permissions, one scope of a client of ours and two of another's; two scopes of the API itself.
TEXT = f"{{ api: {{ apiPermissions: {{ gallery: {{ delegated: [a], application: [b] }} }}, authorizedClients: {{ client: [read], {GALLERY}: [read, write] }} }} }}"
SAID = 2 + 3 + len(OWN["api"].scopes) + len(OWN["api"].app_roles)


@pytest.mark.parametrize(("more", "noted"), [(0, False), (1, True)])
def test_all_lists_count_together(more: int, noted: bool) -> None:
    """Those of its settings, scopes, roles, permissions and authorized clients: as many as Graph takes."""
    tags = [str(number) for number in range(limits.MOST_ENTRIES - SAID + more)]
    api = replace(OWN["api"], settings={**OWN["api"].settings, "tags": Setting(tags)})

    def connect(reader: Reader, of: Node | None) -> dict[str, Application]:
        assert isinstance(of, Map)
        applications = Applications(Path("f"), TENANT, Lock(), Names(reader, Lock()), reader)
        return applications.connect(of, DeclaredApplications({**OWN, "api": api}, EXTERNAL, reader))

    value, problems = found(connect, node(TEXT))

    assert list(value) == list(OWN)
    assert value["api"].authorized_clients == {"client": ("read",)}
    assert value["api"].external_authorized_clients == {GALLERY: ("read", "write")}
    assert list(value["api"].api_permissions) == ["gallery"]
    most = limits.MOST_ENTRIES
    message = f"application `api` has {most + 1} entries in its lists; Graph takes {most} in all"
    assert problems == ([f"apps.yaml:1:1: {message}"] if noted else [])
