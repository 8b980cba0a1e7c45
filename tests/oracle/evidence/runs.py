"""A seed in; a history told, each of its reports judged, and what came of it, out."""

from __future__ import annotations

import asyncio
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from tests.oracle.evidence import engine, formats, histories, power
from tests.oracle.evidence.histories import History, Style
from tests.oracle.evidence.judge import WATCHED, Case, Verdict
from tests.oracle.evidence.scene import DEPLOYER, Report

# Of each kind that an answer is owed for, so many in a thousand histories, and of these so many exact.
LEAST = 100
SHARE = 0.85
# Too few to speak of a share.
FEW = 8


@dataclass
class Run:
    """One history: what its reports said, and what of it is not so."""

    seed: int
    verdicts: list[Verdict] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    # Whether the acts that come too seldom were tried too.
    seldom: bool = False


@dataclass
class Counts:
    """What many histories came to, by kind of finding."""

    histories: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    owed: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def add(self, run: Run) -> None:
        """Count a history."""
        self.histories += 1
        seed = f"seed {run.seed}, seldom acts too" if run.seldom else f"seed {run.seed}"
        self.failures += [f"{seed}: {failure}" for failure in run.failures]
        for each in run.verdicts:
            self.findings[each.kind] += 1
            self.grades[each.grade] += 1
            self.owed[each.kind] += each.owed
            self.given[each.kind] += each.owed and each.grade == "exact" and not each.wrong
            self.failures += [f"{seed}: {each.wrong}"] if each.wrong else []

    def problems(self) -> list[str]:
        """Return what must not be so: what was wrong, and kinds of findings that are answered too seldom,
        or never came.
        """
        found = list(self.failures)
        due = LEAST * self.histories // 1000
        for kind, owed in sorted(self.owed.items()):
            if owed >= FEW and self.given[kind] < SHARE * owed:
                found.append(f"{kind}: of {owed} that one record tells only {self.given[kind]} are exact")
            if 0 < owed < due and self.histories >= 1000:
                found.append(f"{kind}: told by one record {owed} times, {due} are due")
        return found

    def reported(self) -> str:
        """Return the numbers in a sentence."""
        seldom = min(
            (self.given[kind] / owed for kind, owed in self.owed.items() if owed >= FEW), default=1.0
        )
        grades = ", ".join(f"{self.grades[grade]} {grade}" for grade in ("exact", "possible", "none"))
        kinds = sum(owed > 0 for owed in self.owed.values())
        return (
            f"{self.histories} histories, {sum(self.findings.values())} findings of {len(self.findings)} "
            f"kinds: {grades}; "
            f"{sum(self.owed.values())} owed exact of {kinds} kinds, {sum(self.given.values())} given, "
            f"{seldom:.0%} of each"
        )


def run(seed: int, style: Style = histories.ANY) -> Run:
    """Tell a history and judge its reports; what breaks the trial itself is its failure."""
    try:
        history = histories.reported(seed, style)
        verdicts = [each for report in reports(history) for each in judged(history, report)]
        if history.again is not None:
            verdicts += judged(history, history.again)
        return Run(seed, verdicts, [*untold(history), *unlike(history)], style.seldom)
    except Exception:  # noqa: BLE001  # a proof counts what broke, and goes on
        return Run(seed, failures=[traceback.format_exc(limit=-3)], seldom=style.seldom)


def identified(seed: int) -> Run:
    """Tell a history in which tags, values, names and objects change, and judge its reports."""
    return run(seed, histories.KNOWN_BY)


def with_others(seed: int) -> Run:
    """Tell such a history in which an API of others changes too, and things are deleted for good."""
    return run(seed, histories.OTHERS)


def mixed(place: tuple[int, int], style: Style) -> Run:
    """Tell the history of a place and its seed: every fourth one with the acts that come too seldom."""
    number, seed = place
    return run(seed, replace(style, seldom=number % 4 == 0))


def retold(history: History) -> list[Verdict]:
    """Have the last report of a history made again as drift is now, and judge it."""
    last = history.report
    report = asyncio.run(
        engine.report(history.scene, history.manifest, since=last.since, last=last.last, lock=history.lock)
    )
    return judged(history, report)


def count(runs: Iterable[Run]) -> Counts:
    """Count histories."""
    counts = Counts()
    for each in runs:
        counts.add(each)
    return counts


def reports(history: History) -> Iterator[Report]:
    """Yield all reports of a history, oldest first."""
    yield from (*history.earlier, history.report)


def untold(history: History) -> Iterator[str]:
    """Yield what the reports of a history leave out, tell in one format and not in another, or end with the
    wrong exit code.
    """
    last = history.report.document
    yield from power.problems(
        history.declared, history.scene.dump(), last, history.scene.own, history.unnamed
    )
    for report in reports(history):
        yield from formats.problems(report.formats)
        yield from _exit(report)


def _exit(report: Report) -> Iterator[str]:
    """Yield where it is drift and the plan does nothing, or the reverse; what the plan only warns of is drift
    by itself.
    """
    findings = report.document["findings"]
    if report.planned != report.document["drifted"] and not (
        findings and all(each["path"] in WATCHED for each in findings)
    ):
        told = [each["sentence"] for each in findings]
        drifted = report.document["drifted"]
        yield f"drifted is {drifted}, and whether the plan does something is {report.planned}: {told}"


def unlike(history: History) -> Iterator[str]:
    """Yield findings that a broken log adds or hides, and whom an unreadable one names."""
    if history.again is None:
        return
    whole, broken = (_told(report) for report in (history.report, history.again))
    if history.lock is not None:
        yield from (f"only with the log {history.broken}: {each}" for each in sorted(broken - whole))
        yield from (f"not with the log {history.broken}: {each}" for each in sorted(whole - broken))
    if history.broken == "unreadable":
        for each in history.again.document["findings"]:
            if each["attribution"]["grade"] != "none":
                yield f"nobody may read the log, and it names somebody: {each['sentence']}"


def _told(report: Report) -> set[str]:
    document = report.document
    return {each["sentence"] for each in (*document["findings"], *document.get("information", ()))}


def judged(history: History, report: Report) -> list[Verdict]:
    """Judge one report of a history."""
    scene = history.scene
    named = "deployers" in history.manifest["environments"]["prod"]
    deployers = frozenset({scene.caller(DEPLOYER).oid}) if named else frozenset[str]()
    whole = report is not history.again
    case = Case.of(report, scene.deeds, scene.dump(), scene.faults.audit_delay_of, deployers, whole=whole)
    return case.verdicts()
