"""The lines of the engine that run for a small estate and for a large one, and how they may grow."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

from entra_config import reconcile
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_emulator.embedded import Embedded
from tests.world import NOW, at_once, signed_in

PACKAGE = str(Path(reconcile.__file__).parent)
FEW, MANY = 6, 24
Work = Callable[[Any, Manifest, Manifest], Coroutine[Any, Any, Any]]


def estate(folder: Path, size: int, *, changed: bool) -> Manifest:
    """Load a ring of applications, each with all that names another: clients, permissions, consents,
    owners, holders.
    """
    keys = [f"app{number:03}" for number in range(size)]
    text = {"displayName": "Read", "description": "Reads.", "whoCanConsent": "adminsAndUsers"}
    scopes = {"user.read": text} | ({} if changed else {"user.write": text})
    applications = {
        key: {
            "type": "api",
            "displayName": f"Ring {key}{' changed' * changed}",
            "identifierUris": ["api://${appId}"],
            "scopes": scopes,
            "appRoles": {
                "Reader": {
                    "displayName": "R",
                    "description": "R.",
                    "allowedMemberTypes": ["User", "Application"],
                }
            },
            "owners": ["alice@contoso.com"],
            "authorizedClients": {keys[number - 2]: ["user.read"]},
            "apiPermissions": {
                keys[number - 1]: {
                    "delegated": ["user.read"],
                    "application": ["Reader"],
                    "adminConsent": True,
                }
            },
            "federatedCredentials": {"job": {"issuer": "https://issuer.example", "subject": key}},
        }
        for number, key in enumerate(keys)
    }
    holders = {
        key: {"Reader": {"groups": ["All Staff", "Audit"], "users": ["bob@contoso.com"]}} for key in keys
    }
    environments = {"dev": {"tenantId": "11111111-1111-1111-1111-111111111111"}}
    root = {"project": "ring", "files": [{"path": "all.yaml"}], "environments": environments}
    for name, document in (
        ("entra-config", root),
        ("all", {"applications": applications, "appRoleAssignments": holders}),
    ):
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    return loader.load(folder, None)


class Lines:
    """Counts the lines of the engine that run."""

    def __init__(self) -> None:
        self.count: Counter[str] = Counter()

    def __enter__(self) -> Counter[str]:
        sys.settrace(self._enter)
        return self.count

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)

    def _enter(self, frame: FrameType, event: str, _: object) -> Any:
        name = frame.f_code.co_filename
        return self._line if name.startswith(f"{PACKAGE}/") else None

    def _line(self, frame: FrameType, event: str, _: object) -> Any:
        if event == "line":
            self.count[f"{frame.f_code.co_filename}:{frame.f_code.co_name}"] += 1
        return self._line


async def counted(folder: Path, size: int, work: Work) -> Counter[str]:
    """Return how often the lines of each function run for one estate."""
    embedded = Embedded.create()
    manifest, changed = estate(folder, size, changed=False), estate(folder, size, changed=True)
    async with await signed_in(embedded) as graph:
        outcome = await reconcile.apply(await reconcile.plan(manifest, graph, now=NOW), graph, sleep=at_once)
        assert outcome.complete
        with Lines() as lines:
            await work(graph, manifest, changed)
    return lines


def assert_grows_alike(few: Counter[str], many: Counter[str]) -> None:
    """Hold that no line runs more often than there are more applications, a little aside."""
    worst = {
        place: f"{few[place]} → {count}"
        for place, count in many.items()
        if count > few[place] * MANY / FEW * 1.3 + 50
    }

    assert few.total() > 1000
    assert many.total() <= few.total() * MANY / FEW
    assert worst == {}
