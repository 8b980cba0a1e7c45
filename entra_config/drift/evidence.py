"""A finding in; what each audit record is asked out: whether it made what is there now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal

from entra_config.drift.audit import Event
from entra_config.drift.model import Finding
from entra_config.drift.properties import property_question
from entra_config.kinds.table import TRACES
from entra_config.kinds.trace import ConsentTrace, Link, Whole
from entra_config.moments import parse_moment

# made   just this came, went or changed here, to what is there now
# unmade it came to be something else than what is there now: whoever wrote it or wrote before did not make
# that
# may    it may have been touched
# along  it may have gone, or come back, with an end of the link
# blurs  what an earlier record did may have been undone so, and then done again
# kept   both values are told, and it is in both or in neither
# no     the record is about something else
# began  an end was created: nothing before it is about this link
Verdict = Literal["made", "unmade", "may", "along", "blurs", "began", "kept", "no"]
Question = Callable[[Event], Verdict]

GRANT = ("Add delegated permission grant", "Remove delegated permission grant", "Add OAuth2", "Remove OAuth2")
SCOPE = "DelegatedPermissionGrant.Scope"
MARKED = "deletion-marked"
REMOVED = "Remove service principal"
RETURNS = ("Restore ",)
# Of an application or service principal, the log tells of what hangs on it as it tells of its own kind.
_LINKS = [trace for trace in TRACES.values() if isinstance(trace.reported, Link | ConsentTrace)]
BY_PATH = {path: trace.reported for trace in _LINKS for path in trace.paths}


def question(finding: Finding) -> Question | None:
    """Return what to ask each record about a finding; nothing where the log has no word for it."""
    match finding.event:
        case "deleted":
            return _object(finding)
        case "renamed":
            return _renamed(finding)
        case _:
            pass
    match _reported(finding):
        case Link() as reported:
            return _linked(finding, reported)
        case ConsentTrace():
            return _consent(finding)
        case Whole() if finding.path == "":
            return _object(finding)
        case _:
            return property_question(finding)


def _reported(finding: Finding) -> object:
    """Return how the log tells it: as its kind, or, of an object that has one that is not declared, as
    that one's kind.
    """
    own = TRACES[finding.address.kind].reported
    return BY_PATH.get(finding.path, own) if isinstance(own, Whole) else own


def final(finding: Finding, event: Event) -> bool:
    """Tell whether a record took a link away by itself: with an end of it nothing goes that is gone, and
    nothing comes back.
    """
    return finding.sign == "removed" and MARKED not in event.activity


def identified(finding: Finding, event: Event) -> bool:
    """Tell whether what the record made bears its own time or id, so that no other record can have made
    it.
    """
    if finding.sign != "added":
        return False
    if finding.ends.get("made"):
        return bool(event.fact("AppRoleAssignment.CreatedDateTime"))
    return finding.path in {"passwordCredentials", "keyCredentials"} or bool(finding.ends.get("credential"))


def _linked(finding: Finding, link: Link) -> Question:
    def verdict(event: Event) -> Verdict:
        if not any(words in event.activity for words in link.words):
            return _of_an_end(finding, event)
        reported = {
            end: next(filter(None, (_fact(event, name) for name in names)), "")
            for end, names in link.ends.items()
        }
        after = event.activity.startswith("Add ") and MARKED not in event.activity
        made = event.fact(link.made) if link.made else ""
        if after and made and finding.ends.get("made") and not _at_once(made, finding.ends["made"]):
            # Another link between the same ends, before this one.
            return "no"
        return _link(finding, reported, after=after)

    return verdict


def _fact(event: Event, name: str | int) -> str:
    """Return a fact of a record by name, or one of its targets by number."""
    return (
        event.fact(name)
        if isinstance(name, str)
        else event.targets[name]
        if len(event.targets) > name
        else ""
    )


def _consent(finding: Finding) -> Question:
    scope = finding.ends.get("scope") or str(finding.element)

    def verdict(event: Event) -> Verdict:
        if not event.activity.startswith(GRANT):
            return _of_an_end(finding, event)
        kind = event.fact("DelegatedPermissionGrant.ConsentType")
        if _of_one_person(kind):
            return "no"
        reported = {
            "resource": event.targets[0] if event.targets else "",
            "client": event.fact("ServicePrincipal.ObjectID") or _second(event),
        }
        ends = _compared(finding, reported)
        if ends == "no":
            return "no"
        if SCOPE not in event.old and SCOPE not in event.new:
            return "may"
        # A widened consent is an Add and a Remove with one old and one new value: only a Remove without a new
        # one took it away.
        was, now = (_has(side.get(SCOPE), scope) for side in (event.old, event.new))
        if was == now:
            return "kept"
        if ends == "may" or not kind:
            return "may"
        return "made" if now == (finding.sign == "added") else "unmade"

    return verdict


def _of_one_person(kind: str) -> bool:
    return kind not in {"", "AllPrincipals"}


def _has(scopes: Any, scope: str) -> bool:
    return scope in str(scopes or "").split()


def _object(finding: Finding) -> Question:
    def verdict(event: Event) -> Verdict:
        object_id = finding.ends.get("object", "")
        if not object_id or object_id not in event.targets[:1]:
            return "no"
        if _deletes(event):
            return "made" if finding.sign == "removed" else "unmade"
        if (
            event.activity.startswith(("Add application", "Add service principal", "Restore"))
            and "owner" not in event.activity
        ):
            return "made" if finding.sign == "added" else "unmade"
        return "no"

    return verdict


def _renamed(finding: Finding) -> Question:
    """Return whether a record gave an object the name that it has now."""
    name = "UserPrincipalName" if finding.address.kind == "user" else "DisplayName"

    def verdict(event: Event) -> Verdict:
        if finding.ends["object"] not in event.targets[:1] or not event.activity.startswith("Update "):
            return "no"
        if name not in event.new:
            return "may" if event.is_stub or name in event.named else "no"
        was, now = (_only(side.get(name)) for side in (event.old, event.new))
        if was == now:
            return "kept"
        return "made" if now == finding.part else "unmade"

    return verdict


def _only(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _link(finding: Finding, reported: Mapping[str, str], *, after: bool) -> Verdict:
    same = _compared(finding, reported)
    if same != "made":
        return same
    return "made" if after == (finding.sign == "added") else "unmade"


def _compared(finding: Finding, reported: Mapping[str, str]) -> Verdict:
    """Tell whether a record is of the link with these ends, may be, or is of another."""
    known = {name: finding.ends.get(name, "") for name in reported}
    if any(
        value and known[name] and value.casefold() != known[name].casefold()
        for name, value in reported.items()
    ):
        return "no"
    return "made" if all(reported.values()) and all(known.values()) else "may"


def _of_an_end(finding: Finding, event: Event) -> Verdict:
    """Tell what the deletion or return of an end says: links go and come with it, and not each has a
    record of its own.
    """
    ends = {finding.ends.get(name, "") for name in ("resource", "client", "principal", "owner", "object")} - {
        ""
    }
    if not ends & set(event.targets[:1]):
        return "no"
    if event.activity == "Add service principal" and finding.sign == "removed":
        return "began"
    gone = _deletes(event)
    if not gone and not event.activity.startswith(RETURNS):
        return "no"
    return "along" if gone == (finding.sign == "removed") else "blurs"


def _deletes(event: Event) -> bool:
    """Tell whether an object went: what begins like that may be its credentials alone."""
    return event.activity.startswith("Delete ") or event.activity == REMOVED


def _second(event: Event) -> str:
    return event.targets[1] if len(event.targets) > 1 else ""


def _at_once(one: str, other: str) -> bool:
    # The log's time of an assignment is Graph's, to the second.
    return abs(parse_moment(one) - parse_moment(other)) <= timedelta(seconds=1)
