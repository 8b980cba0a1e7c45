"""A manifest never changes who applies it: by `applications`, by `appId`, or as an enterprise application
of others.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_config.manifest import loader
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests import world

ROOT = """\
project: other
files: [{{ path: apps.yaml }}]
environments: {{ live: {{ tenantId: {tenant}, deployers: [{deployers}] }} }}
"""
WRITER = seed.WRITERS["dev"][0]
REFUSED = "is the identity that applies this manifest: it does not change itself"


def messages(
    folder: Path, text: str, deployers: str, caller: str, allow: frozenset[str] = frozenset()
) -> list[str]:
    """Return why a plan of a small manifest is refused, as an application makes it."""
    (folder / "entra-config.yaml").write_text(ROOT.format(tenant=seed.CONTOSO, deployers=deployers))
    (folder / "apps.yaml").write_text(text)
    embedded = Embedded.create(seed="own identity")
    plan = asyncio.run(
        world.plan(embedded, loader.load(folder), caller=embedded.app_caller(caller), allow=allow)
    )
    return [each.message for each in plan.refusals if each.blocks]


@pytest.mark.parametrize("deployers", ["bob@contoso.com", "MyApp Writer (dev)"])
@pytest.mark.parametrize(
    "text",
    [
        f"applications: {{ me: {{ type: daemon, displayName: Me, appId: {WRITER} }} }}\n",
        f"enterpriseApplications: {{ me: {{ appId: {WRITER}, owners: [mallory@contoso.com] }} }}\n",
        f"enterpriseApplications: {{ me: {{ appId: {WRITER}, assignmentRequired: true }} }}\n",
    ],
)
def test_who_is_signed_in_is_not_changed(tmp_path: Path, text: str, deployers: str) -> None:
    """Whatever `deployers` says: it is no declaration."""
    found = messages(tmp_path, text, deployers, WRITER)

    assert any(REFUSED in each for each in found), found


def test_who_is_only_named_is_not_changed(tmp_path: Path) -> None:
    """An entry that names it, for what it holds, is none that changes it."""
    found = messages(
        tmp_path, f"enterpriseApplications: {{ me: {{ appId: {WRITER} }} }}\n", "bob@contoso.com", WRITER
    )

    assert not any(REFUSED in each for each in found)


def test_somebody_else_is_changed(tmp_path: Path) -> None:
    """Who applies is another: it is no refusal of this kind."""
    text = f"enterpriseApplications: {{ me: {{ appId: {WRITER}, assignmentRequired: true }} }}\n"

    assert not any(
        REFUSED in each for each in messages(tmp_path, text, "bob@contoso.com", seed.DEPLOYER_APP_ID)
    )
