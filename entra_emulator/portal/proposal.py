"""A change of the directory as it is asked about: the sentence, its effects, and the request for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from entra_emulator.portal.listing import near_names
from entra_emulator.portal.objects import NamedObject
from entra_emulator.portal.visit import Visit
from entra_emulator.presets import Preset
from entra_emulator.table import Table

Given = Mapping[str, str]
Row = Mapping[str, Any]
DRIFT = (
    "If a configuration tool manages this object, it reports this change as drift and reverts it in its next "
    "apply. Otherwise the change stays."
)


# In the form of an inverse and in the body of a second request, it stands for the id that Graph gives to what
# the change makes: for the value of the same name, if Graph's reply has one.
MADE = "{made}"

# As many are offered to choose from; whoever looks for others types.
OFFERED = 200


class NotThereError(Exception):
    """What was to be changed is not there, or the form names nothing; the message says what, `field` is
    where a person typed it, and `about` is the object to look at.
    """

    def __init__(self, message: str, field: str = "", about: NamedObject | None = None) -> None:
        super().__init__(message)
        self.field, self.about = field, about


@dataclass(frozen=True)
class Input:
    """A field that has to be filled in before the question can be asked."""

    name: str
    words: str
    options: tuple[tuple[str, str], ...] = ()
    # Suggestions for a text, and what it begins with.
    known: tuple[str, ...] = ()
    value: str = ""
    # A box to check for each that is known, in place of a text; `value` has those that are checked.
    boxes: bool = False


class Request(NamedTuple):
    """A request to Graph."""

    method: str
    path: str
    body: Mapping[str, Any] | None


@dataclass(frozen=True)
class Proposal:
    """A change as it is asked about: the sentence, its effects, and the request that makes it."""

    question: str
    verb: str
    harmless: str
    method: str
    path: str
    back: str
    body: Mapping[str, Any] | None = None
    lost: tuple[str, ...] = ()
    gained: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    note: str = ""
    inputs: tuple[Input, ...] = ()
    # How a tool registers an application, if the change does it in its place.
    preset: Preset | None = None
    # A request that has to come first: Graph removes nothing that is enabled.
    first: Request | None = None
    # The way of its button.
    look: str = "destroys"
    # The page that shows what is made by it.
    made: str = ""
    # The change that takes this one back, by its word in the address, and its form; None if nothing does.
    inverse: tuple[str, Given] | None = None


def requests(proposal: Proposal) -> list[Request]:
    """Return the requests that make the change, in their order."""
    last = Request(proposal.method, proposal.path, proposal.body)
    return [last] if proposal.first is None else [proposal.first, last]


def request_line(proposal: Proposal) -> str:
    """Write the requests as the question shows them."""
    lines = [f"{request.method} /{request.path}" for request in requests(proposal)]
    return f"{lines[0]}, twice" if lines[1:] == lines[:1] else ", then ".join(lines)


def segments(request: Request) -> list[str]:
    """Return the path as Graph gets it."""
    return ["v1.0", *(quote(part, safe="$") for part in request.path.split("/"))]


def row_of(visit: Visit, table: str, given: Given, name: str) -> dict[str, Any]:
    """Return the row that a form names; NotThereError where it is gone."""
    row = visit.tenant.tables[table].get(given.get(name, ""))
    if row is None:
        raise NotThereError(f"There is no such {name} any more.")
    return row


def principal_of(visit: Visit, given: Given, name: str) -> Row:
    """Return the user, group or application that a form names; NotThereError where it is gone."""
    found = _any(visit, given.get(name, ""))
    if found is None:
        raise NotThereError(f"There is no such {name} any more.")
    return found


def person_of(visit: Visit, given: Given, name: str) -> Row | None:
    """Return whom a form names by UPN, id or a group's name; None for nobody, else NotThereError."""
    text = given.get(name, "").strip()
    if not text:
        return None
    found = (
        visit.tenant.user_by_name(text)
        or _any(visit, text)
        or visit.tenant.one("groups", "displayName", text)
    )
    if found is None:
        tables = (visit.tenant.users, visit.tenant.groups)
        raise NotThereError(_not_found(visit, text, "", *tables), name)
    return found


def application_of(visit: Visit, given: Given, name: str) -> dict[str, Any] | None:
    """Return the enterprise application that a form names by an id or by a name that one alone has; None
    where none is named, else NotThereError.
    """
    text = given.get(name, "").strip()
    found = visit.tenant.service_principal_by_app_id(text) if text else None
    return found or _called(visit, "servicePrincipals", text, "application", name)


def group_of(visit: Visit, given: Given, name: str) -> dict[str, Any] | None:
    """Return the group that a form names by its id or by a name that it alone has; None where none is
    named, else NotThereError.
    """
    return _called(visit, "groups", given.get(name, "").strip(), "group", name)


def groups(visit: Visit, name: str, words: str) -> Input:
    """Return a field for a group, with names to choose from."""
    rows: Iterable[Row] = visit.tenant.groups.by_name(0, OFFERED) or ()
    return Input(name, words, known=tuple(dict.fromkeys(str(row["displayName"]) for row in rows)))


def people(visit: Visit, name: str, words: str, *more: str) -> Input:
    """Return a field for a person, with names to choose from; `more` stands before them, and in the field."""
    rows: Iterable[Row] = visit.tenant.users.by_name(0, OFFERED) or ()
    known = (str(row["userPrincipalName"]) for row in rows)
    return Input(name, words, known=(*more, *known), value=next(iter(more), ""))


def applications(visit: Visit, name: str, words: str) -> Input:
    """Return a field for an enterprise application, with names to choose from."""
    rows: Iterable[Row] = visit.tenant.service_principals.by_name(0, OFFERED) or ()
    return Input(name, words, known=tuple(dict.fromkeys(str(row["displayName"]) for row in rows)))


def _called(visit: Visit, table: str, text: str, kind: str, field: str) -> dict[str, Any] | None:
    if not text:
        return None
    rows = visit.tenant.tables[table]
    found = rows.get(text)
    called = [found] if found else rows.find("displayName", text.casefold())
    if len(called) != 1:
        many = f"There are several {kind}s {text}: give the object id of one."
        raise NotThereError(many if called else _not_found(visit, text, f"{kind} ", rows), field)
    return called[0]


def _not_found(visit: Visit, text: str, kind: str, *tables: Table) -> str:
    near = [name for table in tables for name in near_names(table, text)]
    return f"There is no {kind}{text} in {visit.tenant.display_name}." + (
        f" Did you mean {' or '.join(near[:3])}?" if near else ""
    )


def _any(visit: Visit, object_id: str) -> Row | None:
    tables = (visit.tenant.users, visit.tenant.groups, visit.tenant.service_principals)
    return next((row for table in tables if (row := table.get(object_id)) is not None), None)
