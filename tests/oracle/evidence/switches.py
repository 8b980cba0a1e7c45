"""The rules of who did it, by name; each with what drift is without it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from entra_config.drift.audit import Event
from entra_config.drift.model import Finding
from tests.oracle.evidence import acts_of_apps, acts_of_credentials, acts_of_links, project
from tests.oracle.evidence.histories import ANY, Style
from tests.oracle.switching import Off, taken_out

DRIFT = "entra_config.drift"


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule: the places of drift that hold it (`module:name`), each with what is there without the rule.

    `style` is of histories in which that shows soon.
    """

    rule: str
    off: Mapping[str, Off]
    style: Style = ANY


def off(switch: Switch) -> AbstractContextManager[None]:
    """Take a rule out of drift while a block runs."""
    return taken_out(switch.off, DRIFT)


def _without_end(name: str) -> Off:
    """Compare the ends of a link, all but one."""
    return lambda original: (
        lambda finding, reported: original(
            finding, {end: id_ for end, id_ in reported.items() if end != name}
        )
    )


def _whole_list(kinds: tuple[str, ...]) -> Off:
    """Take whoever wrote the list last for whoever changed an entry of it."""

    def without(original: Any) -> Any:
        def entry(finding: Finding, reads: str, *rest: Any, **more: Any) -> Any:
            if reads not in kinds:
                return original(finding, reads, *rest, **more)
            return lambda old, new: "kept" if old == new else "made"

        return entry

    return without


def _carried(original: Any) -> Any:
    """Take whoever wrote a list that has it for whoever put it there."""

    def judged(*arguments: Any, **more: Any) -> Any:
        judge = original(*arguments, **more)
        return lambda old, new: judge([], new)

    return judged


def _only_made(original: Any) -> Any:
    """Look at no later record."""

    def trace(*arguments: Any, **more: Any) -> Any:
        found = original(*arguments, **more)
        return found if found.made is None else replace(found, fits=(found.made,), blurred=False)

    return trace


def _others(original: Any) -> Any:
    """Pass over what our deployer wrote."""

    def trace(finding: Finding, asking: Any, events: list[Event], **more: Any) -> Any:
        theirs = [event for event in events if event.actor.name != project.DEPLOYER]
        return original(finding, asking, theirs, **more)

    return trace


def _anything(original: Any) -> Any:
    """Take whoever changed the object last for whoever changed a property that the log has no word for."""

    def question(finding: Finding) -> Any:
        ids = set(finding.ends.values())
        return original(finding) or (lambda event: "made" if ids & set(event.targets[:1]) else "no")

    return question


def _removed(original: Any) -> Any:
    """Take every record that says Remove for a removal."""

    def consent(finding: Finding) -> Any:
        response = original(finding)
        return lambda event: (
            ("made" if finding.sign == "removed" else "unmade")
            if event.activity.startswith("Remove delegated") and response(event) in {"made", "unmade", "kept"}
            else response(event)
        )

    return consent


def _opened(**changed: Any) -> Off:
    """Open a window as if the finding, or the report before, were otherwise."""

    def without(original: Any) -> Any:
        def opened(finding: Finding, since: Any, earlier: Any, manifest: Any) -> Any:
            if "earlier" in changed:
                earlier = None
            if "gone" in changed and earlier is not None:
                earlier = replace(earlier, gone=frozenset())
            return original(
                replace(finding, mended=changed.get("mended", finding.mended)), since, earlier, manifest
            )

        return opened

    return without


ARGUED = Style(acts=acts_of_apps.ACTS, echoes=0.6, stubs=(0.5,), spreads=(1800,))
LEAVING = Style(
    acts=(acts_of_links.groups, acts_of_links.assignment, acts_of_links.grant), objects=0.15, endings=(0, 900)
)
GONE = replace(LEAVING, objects=0.3, reports=(2, 3))
TOLD = replace(ARGUED, reports=(2, 3))
RECENT = Style(
    acts=(acts_of_credentials.secret, acts_of_links.assignment),
    pauses=(7, 40, 300),
    endings=(0,),
    spreads=(0,),
)
LATE = Style(acts=acts_of_apps.ACTS, echoes=0.6, pauses=(40, 300), endings=(0, 200, 900), spreads=(1800,))
HASTY = replace(
    LATE, acts=acts_of_apps.ACTS[:2], echoes=0.85, pauses=(0, 0, 0, 300, 900), endings=(0, 200), stubs=(0,)
)
GRANTING = Style(acts=(acts_of_links.grant, acts_of_links.screen), objects=0)
OFFERING = Style(acts=(acts_of_apps.scope, acts_of_apps.role))
HOLDING = Style(acts=(acts_of_links.assignment,), echoes=0.3)
LISTS = ("requested", "entries", "entitlements", "federated", "keys")
SWITCHES = (
    Switch("a consent is at one API", {"evidence:_compared": _without_end("resource")}),
    Switch("a consent is one client's", {"evidence:_compared": _without_end("client")}),
    Switch("an owner is of one object", {"evidence:_compared": _without_end("object")}),
    Switch("a holder holds this role", {"evidence:_compared": _without_end("role")}, HOLDING),
    Switch("a role is held by this holder", {"evidence:_compared": _without_end("principal")}),
    Switch("a consent is to this scope", {"evidence:_has": lambda _: lambda scopes, _scope: bool(scopes)}),
    Switch(
        "a consent is for everybody", {"evidence:_of_one_person": lambda _: lambda _kind: False}, GRANTING
    ),
    Switch("a widened consent is an addition and a removal", {"evidence:_consent": _removed}, GRANTING),
    Switch("one client in a list by itself", {"verdicts:entry": _whole_list(("clients",))}),
    Switch("one entry in a list by itself", {"verdicts:entry": _whole_list(LISTS)}),
    Switch("roles and scopes apart", {"verdicts:of_type": lambda _: lambda value, _path: value}, OFFERING),
    Switch(
        "a bit proves nothing",
        {"verdicts:bit": lambda _: lambda _f: lambda old, new: "kept" if old == new else "made"},
    ),
    Switch("what is carried along made nothing", {"verdicts:address": _carried, "verdicts:entry": _carried}),
    Switch("a property without a word is nobody's", {"attribution:question": _anything}),
    Switch("no later record that may have touched it", {"attribution:_trace": _only_made}, ARGUED),
    Switch(
        "links come and go with their ends",
        {"evidence:_of_an_end": lambda _: lambda _finding, _event: "no"},
        LEAVING,
    ),
    Switch(
        "a stub is explained by its own object alone",
        {"attribution:_Records.explained": lambda _: lambda *_a: True},
        ARGUED,
    ),
    Switch(
        "a stub that its call explains touched nothing",
        {"attribution:_Records.explained": lambda _: lambda *_a: False},
    ),
    Switch(
        "as of half an hour ago",
        {"attribution:Log.whole_until": lambda _: property(lambda log: log.until)},
        LATE,
    ),
    Switch(
        "of two records that lie seconds apart either may be the later",
        {"attribution:APART": lambda _: timedelta(0)},
        HASTY,
    ),
    Switch(
        "its own time or id, however young", {"attribution:identified": lambda _: lambda *_a: False}, RECENT
    ),
    Switch("nobody before it was good", {"check:opened": lambda _: lambda *_a: None}, ARGUED),
    Switch("no deployment takes what is watched", {"check:opened": _opened(mended=True)}),
    Switch("an earlier report tells that it was good", {"check:opened": _opened(earlier=None)}, TOLD),
    Switch("nothing is known of what hung on a gone object", {"check:opened": _opened(gone=True)}, GONE),
    Switch("our own write counts", {"attribution:_trace": _others}),
    Switch(
        "deployers are told as ours",
        {"attribution:_graded": lambda graded: lambda f, t, log, _d: graded(f, t, log, frozenset())},
    ),
)
