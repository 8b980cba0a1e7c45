"""`mcp` of an API in: the address that is its identifier URI, the scopes that clients ask for, and the known
clients that need no consent out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from entra_config.manifest.fields import limits
from entra_config.manifest.fields.binder import Bound, bind
from entra_config.manifest.fields.records import MCP
from entra_config.manifest.fields.table import BY_KEY
from entra_config.manifest.mcp_clients import BY_NAME, NAMES
from entra_config.manifest.model import Application, Setting
from entra_config.manifest.parts import Mcp, Scope
from entra_config.manifest.reading.node import Map, is_null, strings
from entra_config.manifest.reading.problems import near
from entra_config.manifest.reading.reader import GUID, Reader
from entra_config.manifest.targets import File
from entra_config.resource import Text

URIS = "identifierUris"
REFUSED = BY_KEY["mcp"].refused
_PLAIN = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=:@/?#\[\]-]+")


def read(
    fields: Map, kind: str, scopes: Mapping[str, Scope], key: str, reader: Reader, *, personal: bool
) -> Mcp | None:
    """Read `mcp` of an application; a type that does not take it has said so."""
    entry = fields.entries.get("mcp")
    if entry is None or is_null(entry.node) or kind in REFUSED:
        return None
    inside = bind(entry.node, "mcp", MCP, reader, needed_by=f"`mcp` of `{key}`")
    url = inside["url"] or ""
    for wrong in wrong_url(url) if url else ():
        reader.problems.add(inside.map.entries["url"].node.position, f"`mcp.url`: `{url}` {wrong}")
    if personal and len(url) > limits.LONGEST_PERSONAL_URI:
        most = (
            f"with personal accounts an identifier URI has {limits.LONGEST_PERSONAL_URI} characters at most"
        )
        reader.problems.add(inside.where("url"), f"`mcp.url`: {most}")
    requested, clients = _scopes(inside, scopes, key, reader), _clients(inside, reader)
    if not requested and (scopes or clients):
        message = (
            f"`mcp` of `{key}` has no scope that users may consent to: clients ask for one of those under "
            "`mcp.scopes`"
        )
        reader.problems.add(inside.where("scopes"), message)
    return Mcp(url, requested, clients, entry.position)


def wrong_url(url: str) -> Iterator[str]:
    """Yield what is wrong with the address of an MCP server, which clients send and Entra compares as it is
    written.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        yield "is not a complete URL, such as https://api.example.com/mcp"
        return
    if parts.scheme != "https" or not url.startswith("https://") or not host:
        yield "is not an https URL: clients send tokens there; write https://api.example.com/mcp"
        return
    yield from _wrong_host(parts, port)
    yield from _wrong_rest(url, parts.path)


def _wrong_host(parts: SplitResult, port: int | None) -> Iterator[str]:
    if parts.username is not None or parts.password is not None:
        yield "has a user in front of the host"
    if parts.netloc != parts.netloc.lower():
        yield "has capitals in its host: clients write it in small letters, and Entra compares each letter"
    if port == 443:
        yield "names the port 443: clients leave it out, and Entra compares each letter"


def _wrong_rest(url: str, path: str) -> Iterator[str]:
    if not _PLAIN.fullmatch(url):
        yield "holds characters that clients write otherwise; ASCII without spaces is left as it is"
    if "#" in url:
        yield "has a fragment (`#`), which a `resource` must not have (RFC 8707, section 2)"
    if "?" in url:
        yield "has a query, which scopes cannot stand behind"
    if path.endswith("/"):
        yield (
            "ends with `/`: the `resource` of clients is the address without it, and one letter more is "
            "AADSTS9010010"
        )
    if any(part in {".", "..", ""} for part in path.rstrip("/").split("/")[1:]):
        yield "has `.`, `..` or nothing between two slashes, which clients leave out"


def applied(application: Application) -> Application:
    """Return an API with what `mcp` brings: its address among the identifier URIs."""
    mcp = application.mcp
    if mcp is None or not mcp.url:
        return application
    held = application.settings.get(URIS, Setting([]))
    positions = {f"{URIS}.{mcp.url}": mcp.position, **application.positions}
    written = [str(uri) if isinstance(uri, Text) else uri for uri in held.value or []]
    uris = Setting([*(held.value or []), *([] if mcp.url in written else [mcp.url])], held.position)
    positions.setdefault(URIS, mcp.position)
    known = {path: where for path, where in positions.items() if where is not None}
    return replace(application, settings={**application.settings, URIS: uris}, positions=known)


def authorized(
    application: Application, external: Mapping[str, tuple[str, ...]]
) -> Mapping[str, tuple[str, ...]]:
    """Return the clients of others that are authorized, with those that `mcp` names."""
    if application.mcp is None:
        return external
    return {**dict.fromkeys(application.mcp.clients.values(), application.mcp.scopes), **external}


def check_metadata(api: Application, files: Iterable[File], reader: Reader) -> None:
    """Refuse the metadata of what is no MCP server, or of one without a scope to ask for."""
    file = next((each for each in files if each.target == "protectedResource"), None)
    if file is None:
        return
    if api.mcp is None:
        message = (
            f"`protectedResource`: `{api.key}` is not an MCP server. To make it one, add `mcp: {{ url: … }}`"
        )
        reader.problems.add(file.position, message)
    elif not api.mcp.scopes:
        message = f"`protectedResource`: `{api.key}` has no scope that clients could ask for"
        reader.problems.add(file.position, message)


def _scopes(inside: Bound, scopes: Mapping[str, Scope], key: str, reader: Reader) -> tuple[str, ...]:
    if "scopes" not in inside:
        return tuple(
            label for label, each in scopes.items() if each.who_can_consent != "admins" and each.is_enabled
        )
    for label, where in strings(inside.node("scopes")):
        if label not in scopes:
            reader.problems.add(where, f"`{label}` is not a scope of `{key}`.{near(label, scopes)}")
    return tuple(label for label in inside["scopes"] if label in scopes)


def _clients(inside: Bound, reader: Reader) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, where in strings(inside.node("clients")):
        client = BY_NAME.get(name)
        if name not in inside["clients"]:
            continue
        if GUID.fullmatch(name):
            found[NAMES.get(name.lower(), name.lower())] = name.lower()
        elif client is None:
            reader.problems.add(where, f"`{name}` is not a client known by name.{near(name, BY_NAME)}")
        elif not client.app_id:
            message = (
                f"`{name}` has no registration of its own in Entra; declare a `{client.type}` with the "
                f"redirect URI `{client.redirect_uri}`, and name its key in `authorizedClients`"
            )
            reader.problems.add(where, message)
        else:
            found[name] = client.app_id
    return found
