"""What all environments say of an API in; docs/tokens.md, how a developer gets a token for it, out."""

from __future__ import annotations

from importlib import resources

from entra_config.settings.constants import MARK
from entra_config.settings.source import Client, Source

LOOPBACK = "http://localhost"


def write(source: Source) -> str:
    """Return the walk-through in Markdown; its `sh` blocks run in this order in one bash."""
    people = next((client for client in source.clients if client.type == "publicClient" and client.scopes), None)
    application = next((client for client in source.clients if client.roles), None)
    parts = {
        "mark": MARK,
        "clients": _table(source),
        "load": _load(source),
        "person": _person(people, source) if people else _none("publicClient", "delegated"),
        "application": _application(application, source) if application else _none("daemon", "application"),
        "docs": "\n" + _filled("docs", {"client": source.docs_clients[0]}) if source.docs_clients else "",
        "scopes": _listed(source.scopes),
        "roles": _listed(source.roles),
        "api": source.api,
    }
    return _filled("page", parts).rstrip() + "\n"


def _table(source: Source) -> str:
    head = ["| client | type | environments | asks for scopes | asks for app roles |", "|---|---|---|---|---|"]
    return "\n".join([*head, *map(_row, source.clients)])


def _row(client: Client) -> str:
    cells = (f"`{client.key}`", client.type, ", ".join(client.environments), _listed(client.scopes), _listed(client.roles))
    return f"| {' | '.join(cells)} |"


def _load(source: Source) -> str:
    if "$ENV" not in source.values:
        return ". tokens.env"
    example = source.environments[0]
    return f"ENV={example}   # {' or '.join(source.environments)}\n. {source.values.removeprefix('../')}/{source.variables_file}"


def _person(client: Client, source: Source) -> str:
    scope = " ".join(f"$API_APP_ID_URI/{scope}" for scope in client.scopes)
    values = {"client": client.key, "variable": client.variable, "scope": scope, "calls": _calls(source, "USER_TOKEN")}
    values["environments"] = " and ".join(client.environments)
    pkce = "\n" + _filled("pkce", values) if LOOPBACK in client.redirect_uris else ""
    return _filled("person", {"pkce": pkce, **values}).rstrip()


def _application(client: Client, source: Source) -> str:
    values = {"client": client.key, "variable": client.variable, "calls": _calls(source, "APP_TOKEN")}
    return _filled("application", values).rstrip()


def _calls(source: Source, token: str) -> str:
    paths = source.requests or ("/",)
    return "\n".join(f'curl -sS -w "\\n%{{http_code}}\\n" -H "Authorization: Bearer ${token}" "$API_URL{path}"' for path in paths)


def _none(kind: str, permission: str) -> str:
    return f"No application of type `{kind}` has `{permission}` permissions of this API: declare one to get tokens that way."


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in values) or "none"


def _filled(name: str, values: dict[str, str]) -> str:
    text = resources.files("entra_config.settings").joinpath(f"data/{name}.md").read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"{{{{{key}}}}}", value)
    return text
