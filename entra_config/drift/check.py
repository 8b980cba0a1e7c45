"""Two manifests and a tenant in, the drift out: the tenant against what was deployed last, and who moved
it away from there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from entra_config import reconcile, states
from entra_config.actual.found import Found
from entra_config.actual.read import read
from entra_config.checks import undeclared
from entra_config.drift import attribution, creators, log
from entra_config.drift.attribution import Log
from entra_config.drift.earlier import Earlier, digest, opened
from entra_config.drift.findings import findings
from entra_config.drift.model import Drift, Finding
from entra_config.drift.overdue import overdue
from entra_config.drift.risks import rank
from entra_config.graph.request import Request
from entra_config.kinds.base import bears_owner
from entra_config.kinds.details import HOLDERS, HOLDINGS
from entra_config.kinds.directory import Directory
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Change, Notice, Plan, Release, address_of

if TYPE_CHECKING:
    from entra_config.graph.client import Graph


async def run(
    manifest: Manifest,
    deployed: Manifest,
    graph: Graph,
    *,
    now: datetime,
    base: str,
    since: datetime | None = None,
    earlier: Earlier | None = None,
    unmanaged: bool = False,
    in_hand: bool = False,
) -> Drift:
    """Compare the tenant with the deployed manifest and tell what others did, apart from what is not applied
    yet.

    `since` is when the last whole deployment of that manifest began, `earlier` what a report before this one
    said: both tell from when a finding is younger, and bound the search of the audit log. `in_hand`: nobody
    knows whether the deployed one was applied.
    """
    manifest, deployed = states.held(manifest, now), states.held(deployed, now)
    found = await read(graph, deployed, KINDS)
    compared = reconcile.difference(deployed, found, now=now, trusting=True)
    reported = findings(compared.plan, {resource.address: resource.facts for resource in compared.actual})
    made = _made(found.directory)
    reported = [_dated(_placed(finding, deployed), made) for finding in reported]
    pending = await _pending(manifest, deployed, graph, compared.plan.changes, now=now)
    reported = [
        dataclasses.replace(finding, good_at=opened(finding, since, earlier, deployed.written or deployed))
        for finding in reported
    ]
    audit = await log.read(graph, reported, now=now)
    reported = await _attributed(graph, reported, audit, deployed, found.directory)
    return Drift(
        project=deployed.project,
        environment=deployed.environment,
        tenant=found.tenant,
        base=base,
        checked_at=now,
        since=since,
        findings=tuple(sorted(map(_excused, reported) if in_hand else reported, key=_place)),
        pending=pending,
        unmanaged=await _unmanaged(graph) if unmanaged else (),
        warnings=(*_warnings(manifest, deployed, found, compared.plan), *_unread(audit)),
        manifest=digest(deployed.written or deployed),
        overdue=overdue(deployed, found.directory, compared.overdue),
        in_hand=in_hand,
        by=found.by,
        names=compared.plan.names,
    )


def _excused(finding: Finding) -> Finding:
    """Return the finding without a culprit where perhaps there is none: it may merely not be applied."""
    if finding.sign == "added" or finding.attribution.grade != "none":
        return finding
    reason = dataclasses.replace(finding.attribution, reason="perhaps_not_applied")
    return dataclasses.replace(finding, attribution=reason)


async def _attributed(
    graph: Graph, reported: Sequence[Finding], audit: Log, deployed: Manifest, directory: Directory
) -> list[Finding]:
    """Return the findings with who did it."""
    if deployed.deployers is not None:
        return attribution.attribute(reported, audit, directory.deployers)
    # Without `deployers` whoever is signed in reads here: that says nothing of who wrote.
    return await creators.marked(graph, attribution.attribute(reported, audit, frozenset()), directory)


def _warnings(manifest: Manifest, deployed: Manifest, found: Found, plan: Plan) -> Iterator[Notice]:
    yield from (notice for notice in plan.warnings if not notice.watched)
    # What a group held went with it, and no plan can give it back: nothing of it is a change.
    yield from (
        Notice(each.message, each.address, each.position) for each in found.refusals if not each.blocks
    )
    yield from undeclared.left(manifest, deployed, found.directory)
    yield from undeclared.ungranted(manifest, deployed, found.directory)


def _unread(audit: Log) -> list[Notice]:
    """Return a warning where more was written into the log than is read of it."""
    if audit.read_to is None:
        return []
    message = (
        f"the audit log has more than {log.MOST_PAGES} pages since {audit.since:%Y-%m-%d %H:%M} UTC: read "
        "back to "
        f"{audit.read_to:%Y-%m-%d %H:%M} UTC only, who did what before that is not told"
    )
    return [Notice(message)]


async def _pending(
    manifest: Manifest, deployed: Manifest, graph: Graph, drifted: tuple[Change, ...], *, now: datetime
) -> tuple[Change, ...]:
    """Return what the manifest in hand would change and the deployed one would not."""
    if manifest == deployed:
        return ()
    wanted = reconcile.difference(
        manifest, await read(graph, manifest, KINDS), now=now, trusting=True
    ).plan.changes
    known = {address_of(change): _differences(change) for change in drifted}
    return tuple(change for change in wanted if known.get(address_of(change)) != _differences(change))


def _differences(change: Change) -> object:
    fields = () if isinstance(change, Release) else change.fields
    return type(change), tuple((field.path, repr(field.after)) for field in fields)


def _placed(finding: Finding, manifest: Manifest) -> Finding:
    """Return the finding with a line: what nobody declared stands at its application."""
    application = manifest.applications.get(finding.application)
    return (
        finding
        if finding.position or application is None
        else dataclasses.replace(finding, position=application.position)
    )


def _made(directory: Directory) -> dict[tuple[str, ...], str]:
    """Return when each live assignment was made, by both its ends and the role."""
    rows = (row for live in directory.live.values() for row in (*live.rows(HOLDERS), *live.rows(HOLDINGS)))
    return {(row.resource, row.role, row.principal): row.created for row in rows}


def _dated(finding: Finding, made: Mapping[tuple[str, ...], str]) -> Finding:
    """Return the finding of an assignment with its own time."""
    time = made.get(tuple(finding.ends.get(name, "") for name in ("resource", "role", "principal")))
    return (
        dataclasses.replace(finding, ends={**finding.ends, "made": time})
        if time and finding.sign == "added"
        else finding
    )


def _place(finding: Finding) -> tuple[int, str, int, str]:
    """Return where a finding stands in every format: the gravest first, then by the manifest's lines."""
    where = finding.position
    return (rank(finding), where.file if where else "~", where.line if where else 0, finding.identity)


async def _unmanaged(graph: Graph) -> tuple[str, ...]:
    """Return the registrations of the tenant that carry nobody's marks."""
    (apps,) = await graph.lists([Request("GET", "/applications?$select=id,appId,displayName,tags&$top=999")])
    return tuple(sorted(f"{app['displayName']} ({app['appId']})" for app in apps if not bears_owner(app)))
