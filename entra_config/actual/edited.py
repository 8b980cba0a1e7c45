"""Pins that a change edits in, and what the tenant says of the objects that they lead to; a line for each of
them out.

A name that leads to the one object which bears it is only counted: there is nothing to decide about it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice

from entra_config.actual.external_names import by_app_id
from entra_config.actual.fetch import Questions, Responses
from entra_config.actual.names import marked, principal
from entra_config.actual.pins import differs
from entra_config.actual.question import Bearers, EditedApplication, EditedPins
from entra_config.actual.questions import MARKS, by_name
from entra_config.claimants import created
from entra_config.graph.odata import by_key
from entra_config.graph.request import Request
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Json, Principal
from entra_config.manifest.edits import ApplicationEdit, Edits, NameEdit
from entra_config.manifest.environments.names import MARKS as MARKED
from entra_config.phrase import SHOWN, Person, Phrase, quote_name
from entra_config.plan.model import Effect

AT_ONCE = 1000  # ids in one request
TYPES = ["user", "group", "servicePrincipal"]


def questions(edits: Edits) -> Questions:
    """Return what each edited pin leads to, and who else bears its name."""
    ids = {edit.after.id for edit in edits.names} | {
        id_ for edit in edits.applications for id_ in edit.after.owners
    }
    left = iter(sorted(id_ for id_ in ids if id_))
    questions: Questions = {}
    while chunk := list(islice(left, AT_ONCE)):
        questions[EditedPins(chunk[0])] = Request(
            "POST", "/directoryObjects/getByIds", {"ids": chunk, "types": TYPES}
        )
    for edit in edits.names:
        if edit.type != "user":  # a UPN is one user's
            questions[Bearers(edit.type, edit.name)] = by_name(edit.type, edit.name)
        if edit.type == "servicePrincipal" and MARKED.fullmatch(edit.name):
            questions[Bearers(MARKS, edit.name)] = by_name(MARKS, edit.name)
    for app_id in sorted({edit.after.app_id for edit in edits.applications if edit.after.app_id}):
        path = (
            f"{by_key('applications', 'appId', app_id)}?$select=id,appId,displayName,createdDateTime,"
            "createdByAppId"
        )
        questions[EditedApplication(app_id)] = Request("GET", path)
    return questions


def further(edits: Edits, responses: Responses) -> Questions:
    """Return who bears the names of objects that are called otherwise than the names which lead to them."""
    found = _found(responses)
    questions: Questions = {}
    for edit in edits.names:
        who = found.get(edit.after.id)
        if who is not None and who.type in {"group", "servicePrincipal"} and differs(edit.name, who.name):
            questions[Bearers(who.type, who.name)] = by_name(who.type, who.name)
    return questions


def _found(responses: Responses) -> dict[str, Principal]:
    return {item["id"]: principal(item) for item in responses.every(EditedPins)}


def reported(edits: Edits, responses: Responses) -> tuple[Effect, ...]:
    """Return a line for each guard and each pin that a change edits."""
    found = _found(responses)
    lines = [Effect("guard", guard.text, None, guard.position) for guard in edits.guards]
    plain = 0
    for edit in edits.names:
        who = found.get(edit.after.id)
        bearing = _bearing(edit, who, responses)
        if edit.before is None and who is not None and _bears(edit, who, bearing):
            plain += 1
        else:
            lines.append(Effect("pin", _name(edit, who, bearing)))
    for each in edits.applications:
        lines += [
            Effect("pin", text, application_address(each.key))
            for text in _application(each, found, responses)
        ]
    lines += [Effect("pin", f"application {app_id} is rejected no more") for app_id in edits.candidates]
    if plain:
        lines.append(Effect("pin", f"{plain} new, each of the only object with that name"))
    if edits.gone:
        lines.append(Effect("pin", f"{edits.gone} taken out"))
    return tuple(lines)


def _bearing(edit: NameEdit, who: Principal | None, responses: Responses) -> list[str]:
    """Return the ids of all that are called as the pinned object is: by its name, or by the marks that the
    entry says.
    """
    if who is not None and who.marks == edit.name:
        return list(marked(responses[Bearers(MARKS, edit.name)], edit.name))
    place = Bearers(who.type, who.name) if who is not None and differs(edit.name, who.name) else None
    return [item["id"] for item in responses[place or Bearers(edit.type, edit.name)]]


def _bears(edit: NameEdit, who: Principal, bearing: list[str]) -> bool:
    one = edit.type == "user" or bearing == [who.id]
    return one and not differs(edit.name, who.name) and not edit.after.was and not edit.after.organization


def _name(edit: NameEdit, who: Principal | None, bearing: list[str]) -> str:
    """Return `group 'hr' is now 'Payroll' (5c1b2f7e…), one of 2`."""
    is_user = edit.type == "user"
    noun = {"user": "user", "group": "group", "servicePrincipal": "service principal"}[edit.type]
    named = Person(quote_name(edit.name), edit.after.id) if is_user else quote_name(edit.name)
    new = "is new: " if edit.before is None else "is now " if edit.before.id != edit.after.id else "stays "
    if who is None:
        return Phrase.of(f"{noun} ", named, f" {new}{edit.after.id}, which the tenant has not")
    called = Person(quote_name(who.name), who.id) if who.type == "user" else quote_name(who.name)
    place = (
        (", by its marks" if who.marks == edit.name else "")
        + f" ({who.id[:SHOWN]}…)"
        + (f", one of {len(bearing)}" if len(bearing) > 1 else "")
    )
    type_ = "" if who.type == edit.type else f", a {who.type}"
    wording = (
        f"; the lock file says that it is called '{edit.after.was}'" if edit.after.was and not is_user else ""
    )
    theirs = f"; of the organization {edit.after.organization}" if edit.after.organization else ""
    return Phrase.of(f"{noun} ", named, f" {new}", called, f"{place}{type_}{wording}{theirs}")


def _application(
    edit: ApplicationEdit, found: Mapping[str, Principal], responses: Responses
) -> Iterator[str]:
    app_id = edit.after.app_id
    if app_id != edit.before.app_id or edit.after.was != edit.before.was:
        registered = responses.first(EditedApplication(app_id or ""))
        what = _registered(registered, responses) if registered else "which the tenant has not"
        was = f"; it was {edit.before.app_id}" if edit.before.app_id and edit.before.app_id != app_id else ""
        wording = f"; the lock file says that it was `{edit.after.was}` before" if edit.after.was else ""
        yield f"application {edit.key} is {app_id}, {what}{was}{wording}"
    for owner in sorted({*edit.after.owners} - {*edit.before.owners}):
        who = found.get(owner)
        name = quote_name(who.name) if who is not None else "nobody that the tenant has"
        phrase = (
            Person(name, owner) if who is not None and who.type == "user" else f"{name} ({owner[:SHOWN]}…)"
        )
        yield Phrase.of(f"owner of {edit.key} accepted: ", phrase)
    for key_id in sorted(edit.after.trusted - {*edit.after.owners} - edit.before.trusted):
        yield f"credential of {edit.key} accepted: {key_id}"


def _registered(body: Json, responses: Responses) -> str:
    names = by_app_id(responses)
    return f"'{body['displayName']}', {created(body, names)}"
