"""What all environments say of an API in; docs/tokens.md, how a developer gets a token for it, out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import resources

from entra_config import quoting
from entra_config.quoting import Variable
from entra_config.settings.constants import MARK
from entra_config.settings.source import ApiSource, Client

LOOPBACK = "http://localhost"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_APP_ID_URI, _API_URL, _ENV = Variable("API_APP_ID_URI"), Variable("API_URL"), Variable("ENV")


def write(source: ApiSource) -> str:
    """Return the walk-through in Markdown; its `sh` blocks run in this order in one bash."""
    people = next(
        (client for client in source.clients if client.type == "publicClient" and client.scopes), None
    )
    application = next((client for client in source.clients if client.roles), None)
    parts = {
        "mark": MARK,
        "clients": _table(source),
        "load": _load(source),
        "person": _person(people, source) if people else _none("publicClient", "delegated"),
        "application": _application(application, source) if application else _none("daemon", "application"),
        "docs": "\n" + _filled("docs", {"client": quoting.code_span(source.docs_clients[0])})
        if source.docs_clients
        else "",
        "scopes": _listed(source.scopes, quoting.code_cell),
        "roles": _listed(source.roles, quoting.code_cell),
        "api": source.api,
        "span": quoting.code_span(source.api),
    }
    return _filled("page", parts).rstrip() + "\n"


def _table(source: ApiSource) -> str:
    head = [
        "| client | type | environments | asks for scopes | asks for app roles |",
        "|---|---|---|---|---|",
    ]
    return "\n".join([*head, *map(_row, source.clients)])


def _row(client: Client) -> str:
    listed = (_listed(values, quoting.code_cell) for values in (client.scopes, client.roles))
    cells = (quoting.code_cell(client.key), client.type, ", ".join(client.environments), *listed)
    return f"| {' | '.join(cells)} |"


def _load(source: ApiSource) -> str:
    if len(source.values) < 2:
        return ". tokens.env"
    first, *rest = source.values
    folder: list[str | Variable] = [
        first.removeprefix("../"),
        *(each for part in rest for each in (_ENV, part)),
        f"/{source.variables_file}",
    ]
    # What begins with `-` would be an option of the dot.
    named = quoting.sh("./" if first.removeprefix("../").startswith("-") else "", *folder)
    return f"ENV={quoting.sh(source.environments[0])}   # {' or '.join(source.environments)}\n. {named}"


def _person(client: Client, source: ApiSource) -> str:
    requested = [part for scope in client.scopes for part in (" ", _APP_ID_URI, f"/{scope}")][1:]
    values = {
        "client": quoting.code_span(client.key),
        "clientId": quoting.sh("client_id=", Variable(client.variable)),
        "variable": client.variable,
        "scopeField": quoting.sh("scope=", *requested),
        "scope": quoting.sh(*requested),
        "calls": _calls(source, Variable("USER_TOKEN")),
        "environments": " and ".join(client.environments),
    }
    pkce = "\n" + _filled("pkce", values) if LOOPBACK in client.redirect_uris else ""
    return _filled("person", {"pkce": pkce, **values}).rstrip()


def _application(client: Client, source: ApiSource) -> str:
    values = {
        "client": quoting.code_span(client.key),
        "clientId": quoting.sh("client_id=", Variable(client.variable)),
        "calls": _calls(source, Variable("APP_TOKEN")),
    }
    return _filled("application", values).rstrip()


def _calls(source: ApiSource, token: Variable) -> str:
    header = quoting.sh("Authorization: Bearer ", token)
    words = (quoting.sh(_API_URL, path) for path in source.requests or ("/",))
    return "\n".join(f'curl -sS -w "\\n%{{http_code}}\\n" -H {header} {word}' for word in words)


def _none(kind: str, permission: str) -> str:
    return (
        f"No application of type `{kind}` has `{permission}` permissions of this API: declare one to get "
        "tokens that way."
    )


def _listed(values: tuple[str, ...], quoted: Callable[[str], str]) -> str:
    return ", ".join(map(quoted, values)) or "none"


def _filled(name: str, values: Mapping[str, str]) -> str:
    """Return a template with its places filled, each value once and as it is; a block's fence outgrows
    what is in it.
    """
    text = resources.files("entra_config.settings").joinpath(f"data/{name}.md").read_text(encoding="utf-8")
    found, end = [], 0
    for block in _BLOCK.finditer(text):
        found += [
            _put(text[end : block.start()], values),
            quoting.path_restriction(_put(block[2], values), block[1]),
        ]
        end = block.end()
    return "".join([*found, _put(text[end:], values)])


def _put(text: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values[place[1]], text)
