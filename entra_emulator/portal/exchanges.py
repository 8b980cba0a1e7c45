"""A request as it was in; who did what with which outcome, in words and without secrets, out."""

import base64
import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, unquote, unquote_plus

from entra_emulator.login.in_words import words_of
from entra_emulator.portal import masking
from entra_emulator.portal.words import short
from entra_emulator.traffic import Exchange

_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class BatchLine:
    """One part of a batch: the request, and how it ended."""

    method: str
    path: str
    status: int
    fault: bool
    body: str = ""
    response: str = ""


@dataclass(frozen=True)
class SeenExchange:
    """One request as the pages show it; names of people and clients are ids still."""

    raw: Exchange = field(repr=False)

    @property
    def path(self) -> str:
        """Return the path without what stands for the tenant or the version, its ids short."""
        parts = [unquote(part) for part in masking.text(self.raw.path).split("/") if part]
        if self.raw.kind == "Graph" and parts and parts[0].casefold() == "v1.0":
            parts = parts[1:]
        elif self.raw.kind == "Sign-in":
            parts = parts[-1:]
        query = unquote_plus(masking.text(self.raw.query)) if self.raw.kind == "Graph" else ""
        return short("/" + "/".join(parts)) + (f"?{query}" if query else "")

    @property
    def code(self) -> int:
        """Return the AADSTS code of a refusal, or 0."""
        return self.raw.sign_in.code

    @property
    def text(self) -> str:
        """Return Microsoft's text of a refusal."""
        return masking.text(self.raw.sign_in.text)

    @property
    def fault(self) -> bool:
        """Tell whether a fault that is switched on answered."""
        return is_fault(self.raw.kind, self.raw.status)

    @property
    def refused(self) -> bool:
        """Tell whether it came to nothing."""
        return bool(self.code) or self.raw.status >= 400 or self.raw.status == 0

    @property
    def writes(self) -> bool:
        """Tell whether it asks for a change of the directory."""
        return self.raw.kind == "Graph" and self.raw.method != "GET"

    @property
    def label(self) -> str:
        """Return the status as a chip shows it."""
        if self.code:
            return f"AADSTS{self.code}"
        status = "cut" if self.raw.status == 0 else str(self.raw.status)
        return f"{status} fault" if self.fault else status

    @cached_property
    def form(self) -> dict[str, str]:
        """Return the parameters of address and form, as they were."""
        found = dict(parse_qsl(self.raw.query, keep_blank_values=True))
        kind = self.raw.headers.get("content-type", "").partition(";")[0].strip().casefold()
        if kind == _FORM:
            found |= dict(parse_qsl(self.raw.body.decode(errors="replace"), keep_blank_values=True))
        return found

    @cached_property
    def token(self) -> Mapping[str, Any]:
        """Return the claims of the token that was handed out."""
        if self.raw.kind != "Sign-in":
            return {}
        try:
            payload = str(json.loads(self.raw.response)["access_token"]).split(".")[1]
            claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        except (ValueError, KeyError, IndexError, TypeError):
            return {}
        return claims if isinstance(claims, dict) else {}

    @property
    def client_id(self) -> str:
        """Return the appId of the client."""
        if self.raw.caller is not None:
            return self.raw.caller.appid
        return str(self.token.get("azp") or self.token.get("appid") or self.raw.sign_in.client_id)

    @property
    def person_id(self) -> str:
        """Return the object id of the person, or of the service principal that called by itself."""
        if self.raw.caller is not None:
            return self.raw.caller.oid
        return str(self.token.get("oid") or self.raw.sign_in.person_id)

    @property
    def scopes(self) -> str:
        """Return the scopes of the token that called Graph or was handed out, or that were asked for."""
        caller = self.raw.caller
        if caller is not None:
            return " ".join(sorted(caller.permissions))
        return str(self.token.get("scp") or self.raw.sign_in.scope)

    @property
    def audience(self) -> str:
        """Return for which API the token is that was handed out."""
        return str(self.token.get("aud") or "")

    def is_for(self, names: AbstractSet[str]) -> bool:
        """Tell whether a sign-in is about an API of some names: its appId and its identifier URIs."""
        if self.token:
            return self.audience in names
        return any(scope.rpartition("/")[0] in names for scope in self.raw.sign_in.scope.split())

    @property
    def roles(self) -> list[str]:
        """Return the roles of the token that was handed out."""
        found = self.token.get("roles")
        return [str(each) for each in found] if isinstance(found, list) else []

    @cached_property
    def parts(self) -> list[BatchLine]:
        """Return the parts of a batch, in the order in which they were asked for."""
        if not self.raw.path.casefold().endswith("/$batch"):
            return []
        try:
            requested = json.loads(self.raw.body)["requests"]
            responded = {str(each["id"]): each for each in json.loads(self.raw.response)["responses"]}
            return [_part(each, responded.get(str(each["id"]), {})) for each in requested]
        except (ValueError, KeyError, TypeError):
            return []

    @property
    def outcome(self) -> str:
        """Say in words how it ended."""
        if self.code:
            return words_of(self.code) or self.text
        if self.raw.status == 0:
            return "the connection was cut by a fault"
        return self._graph_error if self.raw.status >= 400 else ""

    @property
    def _graph_error(self) -> str:
        try:
            error = json.loads(self.raw.response)["error"]
            return masking.text(f"{error['code']}: {error['message']}")
        except (ValueError, KeyError, TypeError):
            return ""


def is_fault(kind: str, status: int) -> bool:
    """Tell an answer that only a fault gives; 501 is what the emulator has not."""
    return kind == "Graph" and (status in (0, 429) or (status >= 500 and status != 501))


def _part(requested: Mapping[str, Any], responded: Mapping[str, Any]) -> BatchLine:
    status = int(responded.get("status", 0))
    body = masking.value_of(requested["body"]) if requested.get("body") is not None else None
    response = masking.value_of(responded["body"]) if responded.get("body") is not None else None
    return BatchLine(
        str(requested["method"]),
        short(unquote(masking.text(str(requested["url"])))),
        status,
        is_fault("Graph", status),
        json.dumps(body, indent=2, ensure_ascii=False) if body is not None else "",
        json.dumps(response, indent=2, ensure_ascii=False) if response is not None else "",
    )
