"""A history and what a report says of it in; whether each "by whom" is true, and whether it was said where it
could be, out.

What is known is who really did what; nothing of the engine is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from tests.oracle.evidence import reading, truth
from tests.oracle.evidence.elements import Element
from tests.oracle.evidence.records import Record, Visible
from tests.oracle.evidence.truth import Act

SETTLES_AFTER = timedelta(minutes=30)
# Records of one call lie apart by seconds.
APART = timedelta(seconds=10)
# A record is dated up to four seconds after its call: so near to when it was good, it may be from before.
DATED = timedelta(seconds=5)
# The first of two calls may be dated late and the second at once: so near, their records do not lie apart.
ARGUED = DATED + timedelta(seconds=4)
# Which bit is which flag, which audience a single bit means, and how claims are written, no fact tells.
VAGUE = ("web-implicit-grant-settings", "sign-in-audience", "optional-claims")
# No deployment takes these away.
WATCHED = (
    "passwordCredentials",
    "keyCredentials",
    "owners",
    "oauth2PermissionGrants",
    "appRoleAssignments",
    "appRoleAssignedTo",
    "accountEnabled",
)
# These bear a time or an id of their own: when they were made, their record tells though it is young.
OWN = (
    "secret-added",
    "certificate-added",
    "federated-credential-added",
    "assignment-added",
    "undeclared-holder-added",
)


# A kind of its own: what was done in the last half hour, and is told all the same by its own time or id.
YOUNG = "young"


@dataclass(frozen=True)
class Verdict:
    """What is true of one finding's "by whom": `wrong` says why not.

    `owed`: its act has a whole record in its window and nothing came after, so that it must be exact.
    """

    kind: str
    grade: str
    wrong: str = ""
    owed: bool = False


class Reported(Protocol):
    """A report: its document, when it was made, when the last whole deployment began, and the report that
    it was given.
    """

    document: Mapping[str, Any]
    at: datetime
    since: datetime | None
    last: Any


@dataclass(frozen=True)
class Case:
    """A report, and what is known of the truth."""

    report: Reported
    history: Mapping[Element, Sequence[Act]]
    visible: Visible
    deployers: frozenset[str] = frozenset()
    # The log answered in full.
    whole: bool = True

    @classmethod
    def of(
        cls,
        report: Reported,
        deeds: Iterable[Any],
        dump: Mapping[str, Any],
        delay: Callable[[str], float],
        deployers: frozenset[str] = frozenset(),
        *,
        whole: bool = True,
    ) -> Case:
        """Put together what a judge must know."""
        (tenant, *_) = dump["tenants"]
        by_app = {row["appId"]: row["id"] for row in tenant["servicePrincipals"]}
        mirrors = {row["id"]: by_app.get(row["appId"], "") for row in tenant["applications"]}
        log: Sequence[Record] = tenant["audit"]
        history = truth.parts_of_objects(truth.acts(deed for deed in deeds if deed.time <= report.at))
        return cls(report, history, Visible.at(log, report.at, delay, mirrors), deployers, whole)

    def verdicts(self) -> list[Verdict]:
        """Judge each finding."""
        document = self.report.document
        return [self._verdict(each) for each in (*document["findings"], *document.get("information", ()))]

    def _verdict(self, finding: Mapping[str, Any]) -> Verdict:
        said, kind = finding["attribution"], finding["rule"]
        about = reading.elements(finding)
        if not about:
            accused = said["grade"] != "none" and f"{finding['sentence']}: it accuses {said['actor']['name']}"
            return Verdict(kind, said["grade"], accused or "")
        elements = [each for each in about if each in self.history] or about
        wrong = ""
        if said["grade"] == "exact":
            wrong = self._untrue(elements, said, _moment(said["asOf"]) or self.report.at)
        elif said["actor"]["kind"] != "unknown":
            wrong = "no record proves it, and somebody is named"
        elif self.deployers & {each["id"] for each in said["others"]}:
            wrong = "a deployer is named, and no record proves it"
        start = self._start(finding, self.report)
        first = _moment(said["first"] or said["when"])
        known = said["grade"] == "exact" or not self._deleted_before(self.report)
        # A log that ends before the report that was without it tells who did it by then, which the truth of
        # that moment was held to above: an edited report hides nobody.
        until = _moment(said["asOf"])
        ended = said["grade"] == "exact" and until is not None and start is not None and until < start
        if not wrong and known and not ended and start and first and first < start:
            wrong = f"somebody is named for {first:%d %H:%M:%S}, before {start:%d %H:%M:%S}, when it was good"
        if not wrong and said["grade"] == "exact" and said["ours"] != (said["actor"]["id"] in self.deployers):
            wrong = "a deployer of ours is one that the manifest names, and nobody else is"
        told = self._told(elements)
        inside = told and (start is None or told.time >= start + DATED)
        if not wrong and said["grade"] == "possible" and told and inside and not self._named(told, said):
            wrong = f"{told.actor[:8]} did it at {told.time:%d %H:%M:%S}, has a record of it and is not named"
        owed = self._owed(elements, finding, start)
        if owed and self._young(elements):
            kind = YOUNG
        reported = (
            f"{finding['sentence']}: {said['grade']} {said['actor']['name']} {said['when']}, {wrong}"
            if wrong
            else ""
        )
        return Verdict(kind, said["grade"], reported, owed)

    def _untrue(self, elements: Iterable[Element], said: Mapping[str, Any], until: datetime) -> str:
        first, last = _moment(said["first"] or said["when"]), _moment(said["when"])
        # What was done in the last seconds may be dated after the time until which the log is whole.
        known = (until, until - DATED) if said["asOf"] else (until,)
        for element in elements:
            makers = [act for time in known for act in truth.makers(self._acts(element), time)]
            right = [act for act in makers if act.actor == said["actor"]["id"]]
            if not right:
                return (
                    "but it was "
                    f"{[f'{act.actor[:8]} {act.time:%d %H:%M:%S}' for act in makers] or 'nobody'} ({element})"
                )
            if not any(first - APART <= act.time <= last + APART for act in right):
                return f"but at {right[-1].time:%d %H:%M:%S} ({element})"
        return ""

    def _acts(self, element: Element) -> Sequence[Act]:
        """Return the acts on an element; an owner of an object that was deleted went with it."""
        if element[0] == "owner":
            for kind in ("principal", "application"):
                of = self.history.get((kind, element[1]), ())
                if of and of[-1].after is None:
                    return of
        return self.history.get(element, ())

    def _young(self, elements: Iterable[Element]) -> bool:
        return any(self.history[element][-1].time > self.report.at - SETTLES_AFTER for element in elements)

    def _start(self, finding: Mapping[str, Any], report: Reported) -> datetime | None:
        """Return from when the tenant is known to have been without it: a whole deployment, or a report
        that has not got it.
        """
        watched = finding["address"].startswith("application.") and finding["path"] in WATCHED
        known = [report.since] if report.since and not watched else []
        if report.last is not None:
            about = set(reading.elements(finding))
            before = [
                each for each in report.last.document["findings"] if about & set(reading.elements(each))
            ]
            if before and (start := self._start(before[0], report.last)):
                known.append(start)
            gone = {id_ for each in self._deleted_before(report) for id_ in each["ids"].values()}
            clients = self._clients_removed_before(report.last)
            if not before and not any(
                self._stands_since(element, report.last.at)
                or gone & set(element[1:])
                or (element[0] == "clientScope" and element[1:3] in clients)
                for element in about
            ):
                known.append(report.last.at)
        return max(known, default=None)

    def _deleted_before(self, report: Reported) -> list[Mapping[str, Any]]:
        """Return the findings that an object is deleted, of the report before one: of what hangs on it that
        report says nothing, so who did something to that earlier may be named as well.
        """
        before = report.last.document["findings"] if report.last is not None else ()
        whole = ("application.", "enterpriseApplication.")
        return [
            each
            for each in before
            if each["address"].startswith(whole) and each["sign"] == "removed" and not each["path"]
        ]

    def _clients_removed_before(self, last: Reported) -> set[Element]:
        """Return the authorized clients that a report is without, by API and client: it says nothing of their
        scopes.
        """
        return {
            element[1:]
            for each in last.document["findings"]
            if each["sign"] == "removed"
            for element in reading.elements(each)
            if element[0] == "client"
        }

    def _stands_since(self, element: Element, when: datetime) -> bool:
        history = [act for act in self.history.get(element, ()) if not act.along]
        return bool(history) and history[-1].time <= when

    def _argued(self, element: Element, act: Act) -> bool:
        """Tell whether somebody did something else to it seconds before: which was later no log tells."""
        others = (each.time for each in self.history[element] if each.records != act.records)
        return any(timedelta(0) <= act.time - time < ARGUED for time in others)

    def _told(self, elements: Sequence[Element]) -> Act | None:
        """Return the one act that made it, where a record tells it; a log that is broken tells nothing for
        sure.
        """
        lasts = [truth.makers(self.history.get(element, ()), self.report.at) for element in elements]
        if any(len(makers) != 1 for makers in lasts) or len({makers[0].records for makers in lasts}) != 1:
            return None
        act = lasts[0][0]
        told = all(self.visible.telling(act.records, element) for element in elements)
        return act if self.whole and told else None

    def _named(self, act: Act, said: Mapping[str, Any]) -> bool:
        """Tell whether who did it is among those named; a deployer, and who is one of very many, is not."""
        named = {each["id"] for each in said["others"]}
        return act.actor in named | self.deployers or said["suspects"] > len(named)

    def _owed(self, elements: Sequence[Element], finding: Mapping[str, Any], start: datetime | None) -> bool:
        """Tell whether an exact answer is owed: one act made it, and its whole, settled record in the
        window is the last word.
        """
        act = self._told(elements)
        if act is None or finding["rule"].startswith(VAGUE):
            return False
        if any(self._argued(element, act) for element in elements):
            return False
        own = finding["rule"] in OWN
        settled = act.time <= self.report.at - SETTLES_AFTER or own
        inside = start is None or act.time >= (start if own else start + DATED)
        return settled and inside and not any(self.visible.orphans(element, act.time) for element in elements)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
