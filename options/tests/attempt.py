"""A row of the table and a place in, the request that it is there and what came of it out."""

import base64
import json
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from api.auth.proxy import CLAIMS
from options.tests import deeds, oracle, reasons, spoilt, words
from options.tests.estate import Estate
from options.tests.oracle import Attempt
from options.tests.places import READER, WRITER, Place
from options.tests.tokens import ELSEWHERE, Json, read
from options.tests.wire import Headers

WHO = {"nobody": "", "reader": READER, "writer": WRITER}
ABSENT = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Outcome:
    """What came of one attack in one place."""

    text: str
    refused: bool


def run(estate: Estate, row: Json, place: Place) -> Outcome:
    """Attack, and look at what it achieved."""
    if because := excluded(row, place):
        return Outcome(f"n/a: {because}", refused=True)
    row = _named(row, place)
    marks = reasons.begin(estate, place)
    estate.trap.requested.clear()
    attempt = Attempt(f"attack {uuid.uuid4()}")
    if "deed" in row:
        deeds.DEEDS[row["deed"]](
            estate, place, attempt, row.get("with", "").replace("{long}", "/" + "a" * 3000)
        )
    else:
        _request(estate, row, place, attempt)
    if row.get("alive"):
        _still_there(estate, place, attempt)
    databases = {place.database, *(each.database for each in estate.places.values())}
    origins = {place.origin, place.base.emulator, f"https://{place.door.host}", "https://localhost"}
    came = oracle.happened(attempt, databases, estate.trap.requested, origins)
    status = attempt.responses[0].status
    if came:
        return Outcome(f"passed {status}: {', '.join(came)}", refused=False)
    if row.get("large"):
        return Outcome("refused: too large", refused=True)
    return Outcome(f"refused {status} {reasons.of(attempt, marks)}", refused=True)


def _named(row: Json, place: Place) -> Json:
    """Return an attack with the page's own host as it is called here."""
    host = urlsplit(place.origin).hostname or ""
    found: Json = json.loads(json.dumps(row).replace("localhost", host))
    return found


def excluded(row: Json, place: Place) -> str:
    """Say why a row is no attack in a place; empty where it is one."""
    if row.get("at", place.style) != place.style:
        return "it is how a token comes here"
    if "deed" in row and place.browser is None:
        return "the load balancer signs in" if place.style == "page" else "nobody signs in at this host"
    if row.get("cookie") and place.style == "api" and row["cookie"] != "page":
        return "no cookie says who calls"
    if row.get("cookie") == "page" and place.style == "page":
        return "it is this page's own"
    if row.get("cookie") and place.key == "B page!":
        return "the load balancer alone reads its cookie"
    if row["group"] == "Sign-in" and "deed" not in row and place.key not in {"E page", "E page!"}:
        return "an address of mod_auth_openidc's alone"
    return ""


def _request(estate: Estate, row: Json, place: Place, attempt: Attempt) -> None:
    who = WHO[row.get("as", "nobody")]
    if "data" in row and place.key == "B page!":
        who = WRITER
    if "token" in row and (place.style == "api" or place.key == "B page!"):
        who = READER
    if "auth" in row:
        who = ""
    headers = estate.at_home(place, who) if who else []
    drop = tuple(row.get("drop", ()))
    headers = [each for each in headers if not drop or not each[0].lower().startswith(drop)]
    proven = any(name.lower() in {"authorization", "cookie", "x-amzn-oidc-data"} for name, _ in headers)
    attempt.home = who if proven and not ({"token", "data"} & set(row)) else ""
    filled = _Filled(estate, row, place, attempt)
    headers = filled.headers(headers)
    body = filled.body()
    path = filled.text(row["raw"]) if "raw" in row else place.address(filled.text(row.get("path", "/me")))
    names = {name.lower() for name, _ in headers}
    if body and "content-type" not in names:
        headers.append(("Content-Type", "application/json"))
    attempt.responses.append(place.ask(row.get("method", "GET"), path, headers, body))


@dataclass
class _Filled:
    """Fills in what the table leaves open."""

    estate: Estate
    row: Json
    place: Place
    attempt: Attempt

    def headers(self, good: Headers) -> Headers:
        """Return the headers of the request."""
        row, place = self.row, self.place
        found = list(good)
        if "token" in row:
            found = self._with_token(found)
        if "data" in row:
            found = self._with_data(found)
        if "auth" in row:
            found += self._auth(row["auth"])
        if "cookie" in row:
            found = self._with_cookie(found)
        for name, text in row.get("header", ()):
            said = self.text(text)
            held = [each for each in found if each[0].lower() == name.lower()]
            if name.lower() in {"origin", "host"} or (
                name.lower() == "x-csrf-token" and "drop" in row and not held
            ):
                found = [each for each in found if each not in held]
            found.append((name, said))
        del place
        return found

    def text(self, text: str) -> str:
        """Fill in a text."""
        known: dict[str, Any] = {
            "{token}": lambda: self.place.token(WRITER),
            "{word}": lambda: self._word({"by": "stranger"}),
            "{open}": lambda: "/session" if self.place.style == "page" else "/healthz",
            "{title}": lambda: self.attempt.title.replace(" ", "+"),
            "{trap}": lambda: f"http://127.0.0.1:{self.estate.trap.port}",
            "{trap port}": lambda: str(self.estate.trap.port),
            "{their csrf}": lambda: dict(self.estate.at_home(self.place, READER)).get("X-CSRF-Token", "x"),
            "{10MB}": lambda: "a" * 10_000_000,
            "{length}": lambda: str(len(self.body())),
        }
        for mark, made in known.items():
            if mark in text:
                text = text.replace(mark, made())
        return text

    def body(self) -> bytes:
        """Return what is sent."""
        record = json.dumps({"title": self.attempt.title, "text": ""})
        if self.row.get("write"):
            return record.encode()
        if "form" in self.row:
            return self.text(self.row["form"]).encode()
        if self.row.get("smuggled"):
            inner = f"POST {self.place.address('/records')} HTTP/1.1\r\nHost: {self.place.door.host}\r\n"
            inner += f"Content-Type: application/json\r\nContent-Length: {len(record)}\r\n\r\n{record}"
            return f"0\r\n\r\n{inner}".encode()
        return b""

    def _with_token(self, found: Headers) -> Headers:
        made = self._token(self.row["token"])
        if self.place.key == "B page!":
            return [(name, made if name == "x-amzn-oidc-accesstoken" else said) for name, said in found]
        return [("Authorization", f"Bearer {made}"), *(each for each in found if each[0] != "Authorization")]

    def _token(self, spec: Json) -> str:
        good, tenant = self.place.token(READER), self.estate.tenants[self.place.base.folder]
        claims, spec = read(good), json.loads(json.dumps(spec).replace("{trap}", self.text("{trap}")))
        made: Json = {}
        for name in spec.get("elsewhere", ()):
            made[name] = claims[name].replace(claims["tid"], ELSEWHERE)
        if "suffix" in spec:
            made[spec["suffix"]] = claims[spec["suffix"]] + "2"
        if "listed" in spec:
            made[spec["listed"]] = [claims[spec["listed"]], ABSENT]
        drop = list(spec.get("drop", ()))
        if "id" in spec:
            drop += ["scp", "azp", "azpacr"]
            made |= {"aud": claims["azp"] if spec["id"] == "client" else claims["aud"], "nonce": "n"}
        if spec.get("app"):
            drop += ["scp", "name", "preferred_username"]
            made |= {"sub": claims["oid"], "idtyp": "app"}
            drop = [name for name in drop if name not in spec.get("set", {})]
        return tenant.forge(good, {**spec, "set": {**made, **spec.get("set", {})}, "drop": drop})

    def _with_data(self, found: Headers) -> Headers:
        made = self._word(self.row["data"])
        if self.place.key == "B page!":
            return [(name, made if name == "x-amzn-oidc-data" else said) for name, said in found]
        token = self.place.token(WRITER)
        sent = [("x-amzn-oidc-data", made), ("x-amzn-oidc-accesstoken", token)]
        return [*found, *sent, ("x-amzn-oidc-identity", str(read(token)["sub"]))]

    def _word(self, spec: Json) -> str:
        at = self.estate.places["B page!"]
        good = dict(self.estate.at_home(at, WRITER))["x-amzn-oidc-data"]
        return words.forge(self.estate.signer, self.estate.other, good, spec)

    def _auth(self, role: Any) -> Headers:
        claims = read(self.place.token(WRITER)) | {"roles": [role if isinstance(role, str) else "Writer"]}
        found = []
        for header, (name, form) in CLAIMS.items():
            if name in claims:
                value = claims[name]
                if form == "words":
                    value = base64.b64encode(str(value).encode()).decode()
                found.append((header, json.dumps(value) if form == "json" else str(value)))
        return found

    def _with_cookie(self, found: Headers) -> Headers:
        kept = dict(found).get("Cookie", "")
        pairs = [each.partition("=")[::2] for each in kept.split("; ") if each]
        made = spoilt.cookies(self.estate, self.place, self.row["cookie"], [(a, b) for a, b in pairs])
        self.attempt.home = READER if self.row["cookie"] == "doubled" else ""
        return [*((name, said) for name, said in found if name not in {"Cookie", "Authorization"}), *made]


def _still_there(estate: Estate, place: Place, attempt: Attempt) -> None:
    if place.key == "E API!":
        return
    response = place.ask("GET", place.address("/me"), estate.at_home(place, READER))
    if response.status != 200 or json.loads(response.body)["username"] != READER:
        attempt.seen.append(f"the Reader is no longer served ({response.status})")
