"""What may be granted and what is there in; the changes, with what a person should know before saying yes,
out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from entra_config.actual.found import Found
from entra_config.checks import certificates, lasting, notes, rule, table, watches
from entra_config.checks.changes import ChangesView
from entra_config.checks.judging import Judged
from entra_config.checks.objects import find_objects
from entra_config.kinds.table import SHAPES
from entra_config.kinds.writes import WriteView
from entra_config.manifest import ending
from entra_config.manifest.model import Manifest
from entra_config.plan.diff import diff
from entra_config.plan.model import Change, Notice, Plan, Refusal, address_of
from entra_config.plan.options import Options
from entra_config.resource import State
from entra_config.states import States


def compare(
    manifest: Manifest, found: Found, judged: Judged, both: States, options: Options, *, now: datetime
) -> Plan:
    """Return the difference between what may be granted and what is there, as a plan without steps."""
    directory, actual = found.directory, both.actual
    names = {**directory.labels, **certificates.names(manifest)}
    following = _following(judged, both, directory.labels)
    difference = diff(judged.desired, actual, SHAPES, names=names, released=notes.released(manifest, actual))
    noted = notes.hand_over((notes.annotated(change, found, now) for change in difference.changes), directory)
    noted = lasting.noted(noted)
    asked = ChangesView(manifest, found, judged.desired, noted, following, now, options.strict)
    reported = tuple(dict.fromkeys(rule.judge(table.CHANGES, asked)))
    return Plan(
        project=manifest.project,
        environment=manifest.environment,
        tenant=found.tenant,
        changes=noted,
        steps=(),
        following=following,
        refusals=(*judged.refusals, *(each for each in reported if isinstance(each, Refusal))),
        withheld=judged.withheld,
        protected=manifest.protected,
        at=now,
        over_since=ending.since(manifest, now),
        untils=lasting.untils(manifest),
        ids=actual.ids,
        unchanged=difference.unchanged,
        warnings=(*judged.warnings, *(each for each in reported if isinstance(each, Notice))),
        unowned=judged.unowned,
        endings_alone=options.expired,
        by=found.by,
        names=both.names,
        objects=find_objects(manifest, found, actual, (*noted, *following)),
        declared=tuple(
            (each.address, each.position, each.facts) for each in both.desired if each.position is not None
        ),
    )


def _following(judged: Judged, both: States, names: Mapping[str, str]) -> tuple[Change, ...]:
    """Return what is given, and of what may come back with an application taken away, once it is back and
    was read.
    """
    deleted = {
        each.address: each for each in both.actual if each.facts.deleted and each.address in judged.waiting
    }
    there = State({**deleted, **judged.desired.only(judged.waiting).resources})
    given = diff(judged.waiting, there, SHAPES, names=names).changes
    less = diff(both.kept, both.returning, SHAPES, names=names).changes
    return (*given, *(change for change in less if address_of(change) not in judged.waiting))


def view(manifest: Manifest, found: Found, desired: State, actual: State, plan: Plan) -> WriteView:
    """Return all that making steps of the changes may look at, with what must hold before anything is
    granted.
    """
    by_address = {address_of(change): change for change in plan.changes}
    return WriteView(
        manifest,
        found.directory,
        desired,
        actual,
        by_address,
        bind=found.bind,
        purges=found.purges,
        looks=watches.looks(manifest, found.directory, by_address, found.bind),
    )
