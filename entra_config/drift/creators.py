"""Findings and a tenant in; the same findings, each with whether its writer made the very application, out.

Where nobody is named in `deployers`, that is all that can be said of an application that writes: a planter
made what he planted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Protocol

from entra_config.drift.model import Finding
from entra_config.graph.request import Request
from entra_config.kinds.directory import Directory


class Lists(Protocol):
    """What reads lists from Graph: `graph.client.Graph` in a real run."""

    async def lists(self, requests: Sequence[Request]) -> list[list[dict[str, Any]]]:
        """Return all items of all lists."""
        ...


async def marked(graph: Lists, findings: Iterable[Finding], directory: Directory) -> list[Finding]:
    """Return the findings; one request tells the appIds of the applications that are named."""
    findings = list(findings)
    writers = {
        each.attribution.actor.id for each in findings if each.attribution.actor.kind == "application"
    } - {""}
    if not writers:
        return findings
    body = {"ids": sorted(writers)[:1000], "types": ["servicePrincipal"]}
    (found,) = await graph.lists([Request("POST", "/directoryObjects/getByIds", body)])
    app_ids = {str(item["id"]): str(item.get("appId") or "") for item in found}
    made = {
        key: str(live.subject.application.get("createdByAppId") or "")
        for key, live in directory.live.items()
        if live.subject.application is not None
    }
    return [_marked(finding, app_ids.get(finding.attribution.actor.id, ""), made) for finding in findings]


def _marked(finding: Finding, app_id: str, made: dict[str, str]) -> Finding:
    if not app_id or made.get(finding.application) != app_id:
        return finding
    return replace(finding, attribution=replace(finding.attribution, creator=True))
