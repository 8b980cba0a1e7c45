"""A report on a fleet in, SARIF 2.1.0 out: one result a kind, with a place for each of its tenants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from entra_config.errors import Position
from entra_config.report import escape, sarif
from entra_config.risk import LEVELS, Risk
from entra_fleet.report import wording
from entra_fleet.report.document import FleetGroupPart, FleetMemberPart, FleetReportDocument

_RULES: Mapping[str, tuple[str, Risk]] = {
    "fleet-high": ("A change of high risk", "high"),
    "fleet-medium": ("A change of medium risk", "medium"),
    "fleet-low": ("A change of low risk", "low"),
    "fleet-stopped": ("Refused, withheld, or not done as approved", "high"),
    "fleet-guard": ("A guard of the fleet is lowered", "high"),
    "fleet-failed": ("Failed", "medium"),
    "fleet-without": ("No result", "medium"),
    "fleet-left": ("A lock file whose tenant left the fleet", "low"),
}


def render(report: FleetReportDocument, *, root: str) -> str:
    """Return the report as SARIF text; `root` is the fleet's file."""
    return sarif.written(document(report, root=root))


def document(report: FleetReportDocument, *, root: str) -> dict[str, Any]:
    """Return the report as a SARIF log; a kind that does nothing is no result."""
    results = list(_results(report, root))
    left = "kinds are not in this log: `--format json` has all"
    return sarif.log(f"entra-config/fleet/{report.do}/", [_rule(id_) for id_ in _RULES], results, left=left)


def _results(report: FleetReportDocument, root: str) -> Iterator[dict[str, Any]]:
    for guard in report.guards:
        yield _of_file("fleet-guard", guard, root, root, guard)
    for group in report.groups:
        stopped = wording.stopped(group)
        if stopped or group.risk != "none":
            rule = "fleet-stopped" if stopped else f"fleet-{group.risk}"
            message = f"{wording.title(group)}: {'; '.join(wording.said(group))}"
            yield _result(rule, message, group.members, root, _identity(group))
    for rule, word, members in (
        ("fleet-failed", "failed", report.failed),
        ("fleet-without", "", report.without_result),
    ):
        for each in members:
            yield _result(rule, f"{each.shard}: {word or each.reason}", [each], root, each.shard)
    for path in report.lock_files_without_tenant:
        yield _of_file(
            "fleet-left",
            f"{path}: destroy its applications there first, release them, or delete the file",
            path,
            root,
            path,
        )


def _of_file(rule: str, message: str, path: str, root: str, identity: str) -> dict[str, Any]:
    return sarif.result(
        rule,
        list(_RULES).index(rule),
        LEVELS[_RULES[rule][1]].sarif,
        escape.text(message),
        Position(path, 1),
        root=root,
        fingerprint=sarif.fingerprint(f"{rule}|{identity}"),
    )


def _identity(group: FleetGroupPart) -> str:
    return f"{group.kind}|{group.obstacle}|{group.after}|{group.outcome}"


def _result(
    rule: str, message: str, members: Iterable[FleetMemberPart], root: str, identity: str
) -> dict[str, Any]:
    every = list(members)
    found = sarif.result(
        rule,
        list(_RULES).index(rule),
        LEVELS[_RULES[rule][1]].sarif,
        escape.text(f"{message} (in {wording.bounded([each.shard for each in every])})"),
        _place(every[0]),
        root=root,
        fingerprint=sarif.fingerprint(f"{rule}|{identity}"),
    )
    return {**found, "locations": [sarif.location(_place(each), root) for each in every]}


def _place(member: FleetMemberPart) -> Position:
    file, line, column = member.place.rsplit(":", 2)
    return Position(file, int(line), int(column))


def _rule(id_: str) -> dict[str, Any]:
    says, level = _RULES[id_]
    return {
        "id": id_,
        "shortDescription": {"text": says},
        "help": {
            "text": "`entra-config fleet report --format html` shows each kind with one tenant's report."
        },
        "properties": {
            "tags": ["security", "fleet"],
            "security-severity": LEVELS[level].severity,
        },
    }
