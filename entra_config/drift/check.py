"""The report: identify what was deployed, compare it with the tenant, then find out who changed it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from entra_config import reconcile, states
from entra_config.actual.found import Found
from entra_config.actual.read import Reading
from entra_config.checks.rules import undeclared
from entra_config.drift import attribution, log
from entra_config.drift import events as events_of
from entra_config.drift.attribution import Log
from entra_config.drift.audit import Event
from entra_config.drift.earlier import Earlier, digest, opened
from entra_config.drift.ends import of_resource
from entra_config.drift.findings import findings
from entra_config.drift.gone import (
    drop_parts,
    find_deleted_principal,
    find_impostors,
    find_missing_pins,
    find_purged_principals,
    identify_by_pin,
)
from entra_config.drift.identify import (
    Events,
    Known,
    deleted_apis,
    find_used_ids,
    identify_applications,
    identify_entries,
    identify_names,
    objects,
)
from entra_config.drift.model import Drift, Finding, Objects
from entra_config.drift.overdue import overdue
from entra_config.drift.risks import rank
from entra_config.graph.request import Request
from entra_config.kinds.base import bears_owner, is_application
from entra_config.kinds.details import HOLDERS, HOLDINGS
from entra_config.kinds.directory import Directory
from entra_config.kinds.table import KINDS
from entra_config.manifest.model import Manifest
from entra_config.plan.model import Change, Notice, Plan, Release, address_of, subject_of
from entra_config.plan.options import Options
from entra_config.resource import Address, Facts

if TYPE_CHECKING:
    from entra_config.graph.client import Graph

# What is over and there still is nobody's deed; once objects are identified, nobody is doubted.
OVERLOOKING = Options(overlooking=True)
TRUSTING = Options(overlooking=True, trusting=True)


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
    revision: str = "",
    where: tuple[str, ...] = (),
) -> Drift:
    """Identify what was deployed, compare it with the tenant, and find out who changed it.

    There is no drift if the plan of the deployed manifest changes, refuses and withholds nothing. `since` is
    when the last whole deployment of that manifest began, `earlier` what a report before this one said: both
    tell from when a finding is younger, and bound the search of the audit log. `in_hand`: nobody knows
    whether the deployed one was applied. `revision` is that of the deployed one, and `where` names the
    manifest and the tenant, for the commands of the report.
    """
    manifest, deployed = states.held(manifest, now), states.held(deployed, now)
    before = earlier.objects if earlier is not None else Objects()
    found, compared = await _compared(graph, deployed, OVERLOOKING, now=now, mending=True)
    planned = compared.plan
    problems = found.problems
    whole: list[Log] = []

    async def events() -> Sequence[Event]:
        if not whole:
            whole.append(await log.everything(graph, now=now))
        return whole[0].events

    known, found, compared = await _identified(
        deployed, found, planned, before, graph, events=events, now=now, since=since
    )
    facts = {resource.address: resource.facts for resource in compared.actual}
    differing = (*compared.plan.changes, *_of_registrations(compared, facts))
    changes = tuple(each for each in differing if not known.covers(subject_of(each)))
    created = find_purged_principals(changes, found.directory)
    records = await events() if created else ()
    principals = {key: find_deleted_principal(app_id, records) for key, app_id in created.items()}
    differences = list(
        known.without_covered(findings(dataclasses.replace(compared.plan, changes=changes), facts))
    )
    former = dict(known.purged)
    for key, app_id in find_missing_pins(known.manifest, found.directory).items():
        former.setdefault(key, identify_by_pin(app_id, await events()))
    differences = list(drop_parts(differences, former, principals, known.manifest))
    gone = await deleted_apis(known.manifest, found.directory, graph, events)
    reported = [
        *known.findings,
        *events_of.deleted(known.manifest, found.directory, before, gone),
        *events_of.renamed(known.manifest, found.directory, known.ids),
        *events_of.with_withheld(differences, planned),
        *events_of.skipped(planned, found.directory),
    ]
    reported += events_of.withheld(planned, problems, reported)
    pending = await _pending(known, manifest, deployed, graph, changes, now=now)
    made = _made(found.directory)
    dated = [_dated(_placed(each, deployed), made) for each in reported]
    reported = [_windowed(each, since, earlier, deployed) for each in dated]
    audit = whole[0] if whole else await log.read(graph, reported, now=now)
    # Without `deployers` whoever is signed in reads here: that says nothing of who wrote.
    deployers = found.directory.deployers if deployed.deployers is not None else frozenset[str]()
    reported = attribution.attribute(reported, audit, deployers)
    if earlier is not None:
        unknown = [
            _windowed(finding, since, None, deployed)
            for finding, after in zip(dated, reported, strict=True)
            if after.attribution.grade == "none"
        ]
        older = whole[0] if whole else await log.read(graph, unknown, now=now)
        reported = _proven(reported, attribution.attribute(unknown, older, deployers))
    drifted = bool(planned.changes or planned.refusals or planned.withheld or problems)
    apart = _information(reported, planned, drifted=drifted)
    return Drift(
        project=deployed.project,
        environment=deployed.environment,
        tenant=found.tenant,
        base=base,
        checked_at=now,
        since=since,
        findings=_sorted((each for each in reported if each not in apart), in_hand=in_hand),
        information=_sorted(apart, in_hand=in_hand),
        pending=pending,
        unmanaged=await _unmanaged(graph) if unmanaged else (),
        warnings=(*_warnings(manifest, deployed, found, compared.plan, known), *_unread(audit)),
        manifest=digest(deployed.written or deployed),
        overdue=overdue(deployed, found.directory, compared.actual),
        in_hand=in_hand,
        by=found.by,
        names=compared.plan.names,
        objects=await objects(known, found.directory, before, graph),
        revision=revision,
        where=where,
    )


def _of_registrations(compared: reconcile.Difference, facts: Mapping[Address, Facts]) -> Iterator[Change]:
    """Yield what plan announces for live registrations.

    It waits for the restore of a service principal, and is not gone with it.
    """
    live = {
        each.facts.id for each in compared.actual if is_application(each.address) and not each.facts.deleted
    }
    for change in compared.plan.following:
        if of_resource(subject_of(change), facts).get("object") in live:
            yield change


def _information(reported: Sequence[Finding], planned: Plan, *, drifted: bool) -> list[Finding]:
    """Return the renames, and the users who left, for which plan changes, refuses and withholds nothing.

    Of some who left no record tells which user it was.
    """
    withheld = {each.position for each in planned.withheld}
    found = [
        each
        for each in reported
        if each.rule == "user-deleted"
        or (each.event == "unidentified" and each.address.kind == "user" and not each.subjects)
        or (
            each.event == "renamed"
            and each.position not in withheld
            and not (drifted and each.gives == "lost")
        )
    ]
    # Where there is no other finding, they are what the plan is about.
    return [] if drifted and len(found) == len(reported) else found


def _sorted(reported: Iterable[Finding], *, in_hand: bool) -> tuple[Finding, ...]:
    return tuple(sorted(map(_excused, reported) if in_hand else reported, key=_place))


def _windowed(
    finding: Finding, since: datetime | None, earlier: Earlier | None, deployed: Manifest
) -> Finding:
    good_at = opened(finding, since, earlier, deployed.written or deployed)
    return dataclasses.replace(finding, good_at=good_at)


async def _compared(
    graph: Graph, manifest: Manifest, options: Options, *, now: datetime, mending: bool = False
) -> tuple[Found, reconcile.Difference]:
    """Return what the tenant has, and what a manifest would change of it."""
    reading = Reading(graph, manifest, KINDS, mending=mending, by_lists=True)
    return await reconcile.settle(reading, await reading.run(), options, now=now)


async def _identified(
    deployed: Manifest,
    found: Found,
    planned: Plan,
    before: Objects,
    graph: Graph,
    *,
    events: Events,
    now: datetime,
    since: datetime | None,
) -> tuple[Known, Found, reconcile.Difference]:
    """Return what is identified, what the tenant has of that, and the difference.

    Each step needs the one before: entries are those of an application, holders have a role by its id.
    """

    async def read_again(known: Known, before: Manifest, found: Found) -> Found:
        if known.manifest is before:
            return found
        found, _ = await _compared(graph, known.manifest, TRUSTING, now=now, mending=True)
        return found

    def difference(known: Known, found: Found) -> reconcile.Difference:
        return reconcile.difference(known.manifest, found, TRUSTING, now=now)

    applications = await identify_applications(deployed, found, planned, before, graph, events=events)
    found = await read_again(applications, deployed, found)
    if others := find_impostors(find_missing_pins(applications.manifest, found.directory), found.directory):
        with_others, applications = applications.manifest, applications.reject(others)
        found = await read_again(applications, with_others, found)
    used = set(find_used_ids(difference(applications, found).plan))
    entries = await identify_entries(applications, found, planned, before, events, used=used, since=since)
    found = await read_again(entries, applications.manifest, found)
    compared = difference(entries, found)
    known = await identify_names(entries, found, compared.plan, before, events)
    if known.manifest is entries.manifest:
        return known, found, compared
    found = await read_again(known, entries.manifest, found)
    return known, found, difference(known, found)


def _excused(finding: Finding) -> Finding:
    """Return the finding without a culprit where perhaps there is none: it may merely not be applied."""
    attribution = finding.attribution
    if finding.sign == "added" or attribution.grade != "none" or attribution.reason == "deployer_only":
        return finding
    reason = dataclasses.replace(attribution, reason="perhaps_not_applied")
    return dataclasses.replace(finding, attribution=reason)


def _proven(reported: Sequence[Finding], without: Iterable[Finding]) -> list[Finding]:
    """Return the findings, and those whose actor the log proves without the earlier report as they are
    without it: a report can be edited, so it never makes a proven actor unknown.
    """
    proven = {each.identity: each for each in without if each.attribution.grade == "exact"}
    return [proven.get(each.identity, each) for each in reported]


def _warnings(
    manifest: Manifest, deployed: Manifest, found: Found, plan: Plan, known: Known
) -> Iterator[Notice]:
    unwatched = (notice for notice in plan.warnings if not notice.watched)
    yield from events_of.others(unwatched, known, found.directory)
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
    known: Known,
    manifest: Manifest,
    deployed: Manifest,
    graph: Graph,
    drifted: tuple[Change, ...],
    *,
    now: datetime,
) -> tuple[Change, ...]:
    """Return what the current manifest would change and the deployed one would not."""
    if manifest == deployed:
        return ()
    pinned = known.pin(manifest)
    _, compared = await _compared(graph, pinned, TRUSTING, now=now)
    wanted = compared.plan.changes
    already = [(address_of(change), _differences(change)) for change in drifted]
    return tuple(
        change
        for change in wanted
        if (address_of(change), _differences(change)) not in already and not known.covers(subject_of(change))
    )


def _differences(change: Change) -> object:
    fields = () if isinstance(change, Release) else change.fields
    return type(change), tuple((field.path, repr(field.after)) for field in fields)


def _placed(finding: Finding, manifest: Manifest) -> Finding:
    """Return the finding with a line: what is not declared stands at its application."""
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
    """Return where a finding stands in every format: the most severe first, then by the manifest's lines."""
    where = finding.position
    return (rank(finding), where.file if where else "~", where.line if where else 0, finding.identity)


async def _unmanaged(graph: Graph) -> tuple[str, ...]:
    """Return the registrations of the tenant that carry nobody's marks."""
    (apps,) = await graph.lists([Request("GET", "/applications?$select=id,appId,displayName,tags&$top=999")])
    return tuple(sorted(f"{app['displayName']} ({app['appId']})" for app in apps if not bears_owner(app)))
