"""What pages are made of, as plain values in which names stand for ids: whole pages are compared by them."""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from entra_emulator import seed
from entra_emulator.directory_roles import TEMPLATES
from entra_emulator.login.known import SignInKnowledge
from entra_emulator.portal.graph_json import Shown
from entra_emulator.portal.history import ChangeGroup, ChangeLine
from entra_emulator.portal.labels import DeclaredAt, DeclaredBy
from entra_emulator.portal.listing import Cell, ListFilter, ListPage
from entra_emulator.portal.objects import NamedObject
from entra_emulator.portal.stream import TrafficRow
from entra_emulator.portal.token_rows import ClaimSections, ShownToken
from entra_emulator.portal.trail import TrailEntry
from entra_emulator.portal.visit import Visit
from entra_emulator.snapshots.named import KeptDirectory
from entra_emulator.tenant import Tenant
from tests.conformance.login.login_world import World
from tests.unit.emulator.portal.browsing import CONTOSO, Browser

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Za-z0-9_-]{43}")
_WIDTH = 108


class Showing(Visit):
    """A visit that keeps what the template of its page got."""

    template = here = ""
    status = 0

    def render(self, template: str, *, status: int = 200, here: str = "", **values: Any) -> Response:
        """Render the page, and keep of what it is made."""
        self.template, self.status, self.here, self.values = template, status, here, values
        return super().render(template, status=status, here=here, **values)


def visit(browser: Browser, query: str = "", form: Mapping[str, str] | None = None, **path: str) -> Showing:
    """Return the visit of an address with a query and the holes of its path."""
    scope = {"type": "http", "method": "GET", "path": CONTOSO, "headers": [], "path_params": path}
    scope |= {"query_string": query.encode(), "server": ("localhost", 8443), "scheme": "https"}
    return Showing(browser.portal, Request(scope), browser.world.directory.default, form or {})


def names(world: World) -> dict[str, str]:
    """Return a name for each id of the tenant."""
    default = world.directory.default
    others = (tenant for tenant in world.directory.tenants.values() if tenant is not default)
    found = {row["id"]: f"{each.display_name} {row['displayName']}" for each in others for row in each.users}
    return found | {key: name for key, name in _names(default) if key}


def _names(tenant: Tenant) -> Iterator[tuple[str, str]]:
    yield tenant.tenant_id, "CONTOSO"
    yield from ((template, f"template:{name}") for name, template in TEMPLATES.items())
    yield seed.fixed_id("api", "user.old"), "scope:Api/user.old"
    labels: dict[str, str] = {}
    for row in (*tenant.users, *tenant.groups, *tenant.service_principals):
        labels[row["id"]] = str(row.get("displayName") or row["id"])
    yield from ((row["id"], f"user:{row['displayName']}") for row in tenant.users)
    yield from ((row["id"], f"group:{row['displayName']}") for row in tenant.groups)
    for row in tenant.service_principals:
        yield row["id"], f"sp:{row['displayName']}"
        yield row["appId"], f"client:{row['displayName']}"
        if row["displayName"] != "Microsoft Graph":
            own = row["displayName"]
            yield from ((each["id"], f"role:{own}/{each['displayName']}") for each in row["appRoles"])
            yield from (
                (each["id"], f"scope:{own}/{each['value']}") for each in row["oauth2PermissionScopes"]
            )
    for row in tenant.applications:
        yield row["id"], f"app:{row['displayName']}"
        yield row["appId"], f"client:{row['displayName']}"
        yield from ((key["keyId"], f"key:{row['displayName']}") for key in row["passwordCredentials"])
    for row in tenant.deleted_items:
        yield row["id"], f"deleted {row['_type']}:{row['displayName']}"
        yield row.get("appId", ""), f"client:{row['displayName']}"
        for part in ("passwordCredentials", "appRoles", "oauth2PermissionScopes"):
            parts = row.get(part, ())
            yield from ((one.get("keyId") or one["id"], f"{part} of {row['displayName']}") for one in parts)
    roles = dict(_roles(tenant))
    for row in tenant.app_role_assignments:
        role = roles.get(row["appRoleId"], "default" if row["appRoleId"] == seed.DEFAULT_ACCESS else "gone")
        if role == "gone":
            yield row["appRoleId"], "role:gone"
        who = labels.get(row["principalId"], "?")
        yield row["id"], f"{who}→{labels.get(row['resourceId'], '?')}/{role}"
    for row in tenant.oauth2_permission_grants:
        ends = (labels.get(row[end] or "", "") for end in ("clientId", "resourceId", "principalId"))
        yield row["id"], "grant:" + "/".join(filter(None, ends))
    for row in tenant.federated_identity_credentials:
        yield row["id"], f"federated:{row['name']}"


def _roles(tenant: Tenant) -> Iterator[tuple[str, str]]:
    return (
        (role["id"], role["displayName"]) for row in tenant.service_principals for role in row["appRoles"]
    )


def plain(value: Any, known: Mapping[str, str]) -> Any:
    """Return a value with names for ids: what a page has in a line as one text, a row as its name, other
    objects as maps of what they say.
    """
    if isinstance(value, str):
        return _ID.sub(lambda found: known.get(found[0], found[0]), value.replace(CONTOSO, "~"))
    if (text := _line(value, known)) is not None:
        return text
    if isinstance(value, Mapping):
        if len(value) > 5 and (name := known.get(str(value.get("id")))):
            return f"row {name}"
        return {plain(key, known): plain(one, known) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: plain(getattr(value, each.name), known)
            for each in fields(value)
            if getattr(value, each.name) != _default(each)
        }
    if isinstance(value, list | tuple | set | frozenset):
        found = [plain(one, known) for one in value]
        if isinstance(value, set | frozenset):
            return sorted(found)
        return tuple(found) if isinstance(value, tuple) else found
    return value


def _default(one: Any) -> Any:
    return one.default_factory() if one.default_factory is not MISSING else one.default


def _line(value: Any, known: Mapping[str, str]) -> str | None:
    match value:
        case NamedObject():
            link = f" <{value.address}>" if value.address else ""
            more = f" ({value.more})" if value.more else ""
            text = f"{value.name}{link}{more}"
        case Cell():
            text = _cell(value)
        case DeclaredBy():
            text = f"mark {value.source} {value.name}".strip()
        case DeclaredAt():
            text = value.text + (f" ({value.more})" if value.more else "")
        case TrailEntry():
            about = ", ".join(target.name for target in value.targets)
            text = f"{value.at} {value.activity}: {about} by {value.by.name}"
        case Shown():
            text = f"{value.form} {value.text.split()[-1]} {value.forms[0][2]}"
        case TrafficRow():
            text = f"{value.words} <{value.address}>"
        case ChangeLine():
            text = _change(value)
        case SignInKnowledge():
            text = " ".join(filter(None, (value.reason, *(each.name for each in value.objects))))
        case ShownToken():
            text = value.refusal or f"token of {' '.join(value.values)}"
        case ClaimSections():
            headings = ", ".join(words for words, _ in value.parts)
            numbers = f"{value.same} the same, {value.moving} times"
            text = f"{headings}; differ: {' '.join(value.differing)}; {numbers}"
        case partial():
            text = " ".join(each.name for each in value.args[0])
        case KeptDirectory():
            text = f"{value.name} of {value.taken:%Y-%m-%d}"
        case ListFilter():
            options = ", ".join(f"{key}={words}" for key, words in value.options)
            text = f"{value.words} {value.name}={value.value} of {options}"
        case _:
            return None
    return str(plain(text, known))


def _change(line: ChangeLine) -> str:
    way = line.declared
    parts = (
        f"{line.piece.risk} {line.piece.sign} {line.piece.words} on {line.on.name} {line.mark.name}".strip(),
        f"{line.by.activity} by {line.by.by.name}" if line.by else "no record",
        f"declared by {way.lines.split(chr(10))} in {way.file}"
        if way and way.lines
        else way.reason
        if way
        else "",
    )
    return "; ".join(parts)


def _cell(cell: Cell) -> str:
    parts = (
        cell.text,
        f"<{cell.address}>" if cell.address else "",
        f"({cell.more})" if cell.more else "",
        "code" if cell.code else "",
        "" if cell.mark is None else f"mark {cell.mark.source} {cell.mark.name}".strip(),
        f"risk {cell.risk}" if cell.risk else "",
        f"{cell.verb} <{cell.act}>" if cell.act or cell.verb else "",
    )
    return " ".join(filter(None, parts))


def shown(browser: Browser, handler: Callable[[Visit], Response], address: str = "", **path: str) -> str:
    """Return the page of a handler as a text; `address` is the query of its address and, behind a `#`, which
    value of the page alone is wanted. Names stand for ids in the address and in what fills the path.
    """
    known = names(browser.world)
    ids = {name: row_id for row_id, name in known.items()}
    query, _, only = address.partition("#")
    given = urlencode([(name, ids.get(value, value)) for name, value in parse_qsl(query)])
    opened = visit(browser, given, **{name: ids.get(value, value) for name, value in path.items()})
    response = handler(opened)
    assert response.status_code == opened.status
    if not only:
        return page(opened, known)
    return "\n".join(_block(only, opened.values[only], known))


def page(shown: Showing, known: Mapping[str, str]) -> str:
    """Return a whole page as a text: a line for each value that its template got, below it what it holds."""
    head = [f"{shown.template} {shown.status} at {shown.here}".removesuffix(" at ")]
    return "\n".join(
        [*head, *(line for name, value in shown.values.items() for line in _block(name, value, known))]
    )


def _block(name: str, value: Any, known: Mapping[str, str]) -> Iterator[str]:
    if isinstance(value, ListPage):
        requested = "&".join(f"{key}={one}" for key, one in value.requested.items())
        filtered = " filtered" if value.filtered else ""
        numbers = f"{len(value.rows)} of {value.found} of {value.total}"
        yield f"{name}: {numbers} page {value.page} {requested}{filtered}"
        yield from (_wrapped("  " + " | ".join(plain(cell, known) for cell in row)) for row in value.rows)
        yield from (f"  near {plain(near, known)}" for near in value.near_names)
        return
    if isinstance(value, list) and value and isinstance(value[0], ChangeGroup):
        yield f"{name}:"
        for group in value:
            yield _wrapped(f"  {plain(group.of, known)} {plain(group.mark, known)}")
            yield from (_wrapped(f"    {plain(line, known)}") for line in group.lines)
        return
    found = plain(value, known)
    short = isinstance(found, list | tuple) and all(isinstance(one, str) for one in found)
    if short and found and len(line := f"{name}: {_inline(found)}") < _WIDTH:
        yield line
    elif isinstance(found, list | tuple) and found:
        yield f"{name}:"
        yield from (_wrapped(f"  {_inline(one)}") for one in found)
    elif found not in ("", [], (), None):
        yield _wrapped(f"{name}: {_inline(found)}")


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}={_inline(one)}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return f"[{' | '.join(_inline(one) for one in value)}]"
    return str(value)


def _wrapped(line: str) -> str:
    return textwrap.fill(
        line, _WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
    )
