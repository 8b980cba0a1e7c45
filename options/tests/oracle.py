"""What attacks could want in, what of it came about out: by answers, by what was written, by who was asked.

It knows nothing of the single attack: whatever one of them achieves is seen in all.
"""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from options.tests.wire import Response

SECRET = "for signed-in people alone"
ROLES = {"bob@contoso.com": {"Reader"}, "alice@contoso.com": {"Writer"}}
_JWT = re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}")
_EVIL = re.compile(r"evil\.example")
# What a browser throws away of an address, and what it takes for a slash.
_DROPPED = re.compile(r"[\t\r\n]")
BROKEN = 500


@dataclass
class Attempt:
    """What an attack did: what a record of its would be called, who it rightly was (nobody: empty), what came
    back, and what it saw by itself of what it wanted.
    """

    title: str
    home: str = ""
    responses: list[Response] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)


def happened(
    attempt: Attempt, databases: Iterable[Path], requested: Iterable[str], origins: Iterable[str]
) -> list[str]:
    """Say what came about; nothing where the attack was refused. `origins` are those that may be led to."""
    found = list(attempt.seen)
    if any(title == attempt.title for database in databases for title in _titles(database)):
        found.append("a record was written")
    if any(requested):
        found.append("a host of the attacker's was asked")
    for response in attempt.responses:
        found += [each for each in _in(response, attempt.home, set(origins)) if each not in found]
    return found


def _in(response: Response, home: str, origins: set[str]) -> Iterator[str]:
    if response.status >= BROKEN and response.status not in {502, 503, 561}:
        yield f"the server broke ({response.status})"
    yield from _led(response, origins)
    yield from _reported(response, home)
    allowed = response.first("access-control-allow-origin")
    if _EVIL.search(allowed) or allowed in {"null", "*"}:
        yield "another site may read"
    if _JWT.search(response.body) or any(
        _JWT.search(value) for name, value in response.headers if name.lower() != "location"
    ):
        yield "a token was told"
    for line in response.all("set-cookie"):
        yield from _weak(line)


def _led(response: Response, origins: set[str]) -> Iterator[str]:
    for name in ("location", "refresh", "content-location"):
        for where in response.all(name):
            for address in _addresses(where):
                if leads_to(address) not in origins | {""}:
                    yield f"led to {leads_to(address)}"
    for each in _addresses(str(_json(response.body).get("location") or "")):
        if leads_to(each) not in origins | {""}:
            yield f"led to {leads_to(each)}"


def _addresses(where: str) -> Iterator[str]:
    """Return an address, and those that it has in its query for whoever comes next."""
    yield where
    for name, value in parse_qsl(urlsplit(_DROPPED.sub("", where)).query):
        if name in {"redirect_uri", "post_logout_redirect_uri", "target_link_uri", "logout", "return"}:
            yield value


def leads_to(address: str) -> str:
    """Return the origin that a browser goes to from one of ours; empty where it stays, as WHATWG reads it."""
    plain = _DROPPED.sub("", address).strip().replace("\\", "/")
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", plain)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return scheme[0]
    rest = plain[scheme.end() :] if scheme else plain
    if not rest.startswith("//"):
        # `https:evil` has a host too, from a page of another scheme.
        return f"https:{rest}" if scheme and rest else ""
    authority = re.split(r"[/?#]", rest.lstrip("/"), maxsplit=1)[0].rpartition("@")[2]
    return f"{(scheme[1] if scheme else 'https').lower()}://{unquote(authority).lower()}"


def _reported(response: Response, home: str) -> Iterator[str]:
    if SECRET in response.body and not home:
        yield "records were told"
    reported = _json(response.body)
    if "owners" in reported:
        yield "what administrators see was told"
    account: Any = reported.get("account") if isinstance(reported.get("account"), dict) else reported
    name = account.get("username") or (account.get("objectId") and "somebody") or account.get("oid")
    if name and name != home:
        yield f"it was {name}"
    roles = reported.get("roles")
    if name and isinstance(roles, list) and not set(roles) <= ROLES.get(home, set()):
        yield f"roles {', '.join(roles)}"


def _weak(line: str) -> Iterator[str]:
    first, *attributes = [part.strip().lower() for part in line.split(";")]
    name, _, value = first.partition("=")
    if not value.strip('"'):
        return  # It is taken away.
    kept = {"secure", "httponly", "path=/"}
    if not kept <= set(attributes) or any(each.startswith("domain") for each in attributes):
        yield f"a weak cookie ({name})"
    if not name.startswith(("__host-", "awself", "awselb", "awsalb")):
        yield f"a cookie without __Host- ({name})"
    same = next((each for each in attributes if each.startswith("samesite=")), "")
    if name.startswith("__host-") and same not in {"samesite=lax", "samesite=strict"}:
        yield f"a cookie that goes with other sites' requests ({name})"


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _titles(database: Path) -> list[str]:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)
    try:
        return [str(row[0]) for row in connection.execute("SELECT title FROM records")]
    finally:
        connection.close()
