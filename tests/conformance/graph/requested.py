"""A random read with query options, and what an answer that heeds every one of them must hold."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

Row = dict[str, Any]
Test = Callable[[Row], bool]
ANNOTATIONS = "@"
# Property to some values that it is compared with.
PROPERTIES: dict[str, dict[str, list[Any]]] = {
    "users": {
        "displayName": ["Alice Archer", "bob baker", "Nobody", None],
        "userPrincipalName": ["alice@contoso.com", "x"],
        "accountEnabled": [True, False],
        "mail": ["alice@contoso.com", None],
        "givenName": ["Alice"],
        "department": ["Research", None],
        "companyName": ["Contoso"],
        "userType": ["Member", "Guest"],
        "createdDateTime": ["2025-01-01T00:00:00Z"],
        "nonsense": ["x"],
    },
    "groups": {
        "displayName": ["All Staff", "audit", "Nobody", None],
        "mailNickname": ["allstaff"],
        "securityEnabled": [True, False],
        "mailEnabled": [True],
        "description": ["d", None],
        "createdDateTime": ["2025-01-01T00:00:00Z"],
        "nonsense": [1],
    },
    "applications": {
        "displayName": ["Emulator admin", "Nobody"],
        "appId": ["d0000000-0000-4000-8000-000000000003"],
        "signInAudience": ["AzureADMyOrg"],
        "description": ["d", None],
        "uniqueName": ["x"],
        "nonsense": [None],
    },
    "servicePrincipals": {
        "displayName": ["Emulator admin", "conf silent", "Nobody", None],
        "appId": ["d0000000-0000-4000-8000-000000000003"],
        "accountEnabled": [True, False],
        "servicePrincipalType": ["Application"],
        "appRoleAssignmentRequired": [True, False],
        "description": ["d", None],
        "notes": ["n"],
        "nonsense": ["x"],
    },
}
DELETED = "directory/deletedItems/microsoft.graph.group"
LISTS = (
    *("users", "groups", "applications", "servicePrincipals"),
    *("members", "members/microsoft.graph.user", "memberOf/microsoft.graph.group", "owners", DELETED),
)
# Options that no list honours.
REFUSED = [
    ("$skip", "1"),
    ("$apply", "1"),
    ("$levels", "2"),
    ("$format", "xml"),
    ("$top", "0"),
    ("$top", ""),
    ("$nonsense", ""),
]
# Those that may be written without the `$`.
PLAIN = {"$filter", "$select", "$orderby", "$top", "$count", "$search", "$expand"}
ADVANCED = {"ConsistencyLevel": "eventual"}


class MustBeRefusedError(Exception):
    """No answer to a request can be right."""


@dataclass
class Requested:
    """One request, and what each of its options promises."""

    path: str
    headers: dict[str, str]
    tests: list[Test] = field(default_factory=list)
    select: list[str] | None = None
    top: int | None = None
    order: tuple[str, bool] | None = None
    count: bool = False
    expand: str | None = None
    number: bool = False

    def holds(self, body: Any, rows: list[Row]) -> str:
        """Say what the answer to the request does not heed; nothing where it heeds all."""
        wanted = [row for row in rows if all(test(row) for test in self.tests)]
        if self.number:
            return "" if body == len(wanted) else f"{body} are counted, {len(wanted)} match"
        value = body["value"]
        size = min(len(wanted), self.top if self.top is not None else 100)
        if len(value) != size or ("@odata.nextLink" in body) != (size < len(wanted)):
            return f"{len(value)} of {len(wanted)} are listed, {size} are asked for"
        ids = {row["id"] for row in wanted}
        if any(item["id"] not in ids for item in value if "id" in item):
            return "an object is listed that does not match"
        if self.count and body.get("@odata.count") != len(wanted):
            return "the number of matches is wrong"
        if self.select is not None:
            names = {name.casefold() for name in self.select}
            if any(
                key.casefold() not in names
                for item in value
                for key in item
                if key[0] != ANNOTATIONS and key != self.expand
            ):
                return "more is shown than was selected"
        if self.expand is not None and not all(self.expand in item for item in value):
            return "a relationship is not expanded"
        return self._ordered(value)

    def _ordered(self, value: list[Row]) -> str:
        if self.order is None:
            return ""
        name, backwards = self.order
        shown = [str(item[name] or "").casefold() for item in value if name in item]
        return "" if shown == sorted(shown, reverse=backwards) else "the order is not what was asked for"


def ask(chance: random.Random, paths: dict[str, str]) -> tuple[str, Requested]:
    """Make up a request: the list that it is about, and the request."""
    name = chance.choice(LISTS)
    requested = Requested(paths[name], ADVANCED if chance.random() < 0.9 else {})
    options: dict[str, str] = {}
    counted = chance.random() < 0.9
    if counted:
        options["$count"] = "true"
    requested.count = counted and bool(requested.headers)
    if chance.random() < 0.15:
        requested.path, requested.number, requested.count = f"{requested.path}/$count", True, False
        options.pop("$count", None)
    kind = kind_of(name)
    if chance.random() < 0.6:
        options["$filter"] = _filter(chance, kind, requested)
    if chance.random() < 0.15:
        word = chance.choice(["alice", "archer", "staff", "emulator", "zzz"])
        options["$search"] = f'"{_cased(chance, "displayName")}:{word}"'
        requested.tests.append(
            lambda row: any(part.startswith(word) for part in str(row["displayName"]).casefold().split())
        )
    if not requested.number:
        _shape(chance, kind, options, requested)
    if chance.random() < 0.06:
        strange, text = chance.choice(REFUSED)
        options[strange] = text
        requested.tests.append(_never)
    items = [
        (name[1:] if name in PLAIN and chance.random() < 0.1 else name, value)
        for name, value in options.items()
    ]
    query = "&".join(f"{_cased(chance, name)}={quote(value)}" for name, value in items)
    requested.path = f"{requested.path}?{query}" if query else requested.path
    return name, requested


def kind_of(name: str) -> str:
    """Say what a list is of: the collection whose properties its items have."""
    return "groups" if name.endswith("group") else name if name in PROPERTIES else "users"


def _shape(chance: random.Random, kind: str, options: dict[str, str], requested: Requested) -> None:
    """Add what changes the form of the list and not its members."""
    known = [name for name in PROPERTIES[kind] if name != "nonsense"]
    if chance.random() < 0.4:
        requested.select = (
            chance.sample(known, chance.randrange(1, 3))
            + ["id"]
            + (["nonsense"] if chance.random() < 0.1 else [])
        )
        options["$select"] = ",".join(_cased(chance, name) for name in requested.select)
        if "nonsense" in requested.select:
            requested.tests.append(_never)
    if chance.random() < 0.3:
        requested.top = chance.choice([1, 2, 5, 999, 0, 1000])
        options["$top"] = str(requested.top)
        if requested.top in {0, 1000}:
            requested.tests.append(_never)
    if chance.random() < 0.25:
        name, direction = (
            chance.choice(["displayName", "userPrincipalName", "nonsense"]),
            chance.choice(["", " asc", " desc"]),
        )
        options["$orderby"] = _cased(chance, name) + direction
        requested.order = (name, direction == " desc")
        if name == "nonsense":
            requested.tests.append(_never)
    if chance.random() < 0.1:
        requested.expand = chance.choice(["owners", "members", "memberOf", "nonsense"])
        options["$expand"] = _cased(chance, requested.expand)


def _filter(chance: random.Random, kind: str, requested: Requested) -> str:
    text, test = _clause(chance, kind)
    if chance.random() < 0.3:
        more, other = _clause(chance, kind)
        both = chance.random() < 0.5
        text = f"{text} {chance.choice(['and', 'AND']) if both else 'or'} {more}"
        first = test
        test = (lambda row: first(row) and other(row)) if both else (lambda row: first(row) or other(row))
    if chance.random() < 0.15:
        inner = test
        text, test = f"not({text})", lambda row: not inner(row)
    requested.tests.append(test)
    return text


def _clause(chance: random.Random, kind: str) -> tuple[str, Test]:
    name = chance.choice(list(PROPERTIES[kind]))
    value = chance.choice(PROPERTIES[kind][name])
    written = _cased(chance, name)
    if name == "nonsense":
        return f"{written} eq {_literal(value)}", _never
    if isinstance(value, str) and "Time" not in name and chance.random() < 0.3:
        function = chance.choice(["startswith", "endswith", "contains"])
        part = value[:3] if function != "endswith" else value[-3:]
        return f"{function}({written},'{part}')", lambda row: _text(function, row.get(name), part)
    operator = (
        chance.choice(["eq", "eq", "ne", "in"]) if "Time" not in name else chance.choice(["ge", "le", "eq"])
    )
    if operator == "in":
        return (
            f"{written} in ({_literal(value)},'zzz')",
            lambda row: _fold(row.get(name)) in {_fold(value), "zzz"},
        )
    literal = value if "Time" in name else _literal(value)
    if operator in {"ge", "le"}:
        return (
            f"{written} {operator} {literal}",
            lambda row: row[name] >= value if operator == "ge" else row[name] <= value,
        )
    return (
        f"{written} {operator} {literal}",
        lambda row: (_fold(row.get(name)) == _fold(value)) == (operator == "eq"),
    )


def _text(function: str, value: Any, part: str) -> bool:
    folded, wanted = str(value or "").casefold(), part.casefold()
    if function == "startswith":
        return folded.startswith(wanted)
    return folded.endswith(wanted) if function == "endswith" else wanted in folded


def _never(_row: Row) -> bool:
    raise MustBeRefusedError


def _fold(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _literal(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return f"'{value}'" if isinstance(value, str) else str(value)


def _cased(chance: random.Random, name: str) -> str:
    return chance.choice([name, name, name.upper(), name.lower()])
