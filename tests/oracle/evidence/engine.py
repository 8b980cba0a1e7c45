"""A scene in; what the engine does and says there, deployments and reports as documents, out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from entra_config import reconcile
from entra_config.drift import check
from entra_config.errors import ManifestError
from entra_config.graph.client import Graph
from entra_config.graph.connect import connect
from entra_config.graph.token import FixedToken, Identity
from entra_config.manifest.model import Manifest
from entra_config.plan.options import Options
from entra_config.report import drift_html, drift_json, drift_markdown, drift_sarif, drift_text
from tests.oracle.evidence.scene import DEPLOYER, Report, Scene
from tests.oracle.tenant import load

WORDS = frozenset({"many", "last", "delete", "restore", "used", "dangerous"})
WIDE = 500


@cache
def _loaded(text: str, lock: str) -> Manifest:
    return load(json.loads(text), lock=json.loads(lock))


def loaded(content: Mapping[str, Any], lock: Mapping[str, Any] | None = None) -> Manifest:
    """Load a manifest with its lock file, once for each that differs."""
    return _loaded(json.dumps(content), json.dumps(lock))


async def deploy(
    scene: Scene, content: Mapping[str, Any], *, lock: Mapping[str, Any] | None = None, pause: float = 30
) -> datetime | None:
    """Plan and apply; return when it began, or nothing where it was not carried out whole."""
    began = scene.clock.now()
    async with await signed_in(scene) as graph:
        plan = await reconcile.plan(loaded(content, lock), graph, Options(WORDS), now=began)
        if plan.blocked:
            scene.acts.append(
                f"{began:%m-%d %H:%M:%S} refused: {[each.message for each in plan.refusals if each.blocks]}"
            )
            return None
        scene.clock.advance(pause)
        outcome = await reconcile.apply(plan, graph, sleep=scene.clock.sleep, jitter=lambda: 0.5)
    # What waits for a restore is another plan's.
    whole = outcome.complete and not plan.refusals and not plan.withheld and not plan.following
    scene.acts.append(
        f"{began:%m-%d %H:%M:%S} deployed{'' if whole else ', not whole: '}{'' if whole else outcome.failed}"
    )
    return began if whole else None


async def report(
    scene: Scene,
    content: Mapping[str, Any],
    *,
    since: datetime | None,
    last: Report | None = None,
    lock: Mapping[str, Any] | None = None,
    readable: bool = True,
) -> Report:
    """Return what drift says now in all its formats, told when the tenant was last deployed whole;
    `readable`: whoever asks may read the audit log.
    """
    manifest = loaded(content, lock)
    planned = await _planned(scene, manifest)
    # Records that arrive while it runs may be read or not.
    now = scene.clock.now()
    async with await signed_in(scene, readable=readable) as graph:
        earlier = drift_json.read(last.formats["json"].encode())[0] if last else None
        found = await check.run(
            manifest, manifest, graph, now=now, base="deployed", since=since, earlier=earlier
        )
    document = drift_json.document(found).model_dump(mode="json", by_alias=True)
    formats = {
        "text": drift_text.render(found, WIDE),
        "json": drift_json.render(found),
        "markdown": drift_markdown.render(found, people=True),
        "sarif": drift_sarif.render(found, root="manifests/entra-config.yaml"),
        "html": drift_html.render(found),
    }
    return Report(document, now, since, last, formats, planned)


async def _planned(scene: Scene, manifest: Manifest) -> bool:
    """Return whether the plan of a manifest changes, refuses or withholds anything."""
    async with await signed_in(scene) as graph:
        try:
            plan = await reconcile.plan(manifest, graph, now=scene.clock.now())
        except ManifestError:
            return True
    return bool(plan.changes or plan.refusals or plan.withheld)


async def signed_in(scene: Scene, *, readable: bool = True) -> Graph:
    """Return Graph, signed in as the deployer."""
    caller = scene.caller(DEPLOYER)
    if not readable:
        caller = replace(caller, roles=caller.roles - {"AuditLog.Read.All"})
    token = FixedToken(scene.emulator.token(caller), Identity(caller.tid, caller.oid, caller.appid, ""))

    def seconds() -> float:
        return scene.clock.now().timestamp()

    return await connect(
        "emulator",
        credential=token,
        transport=scene.emulator.transport(),
        clock=seconds,
        now=seconds,
        sleep=scene.clock.sleep,
        jitter=lambda: 0.5,
    )
