"""Replay azure-cli's recorded sessions: each request in order, its answer compared with the recorded one."""

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

from entra_emulator.tenant import Tenant
from tests.conformance.graph_client import Graph
from tests.conformance.recorded.comparison import compare
from tests.conformance.recorded.shapes import HERE, Shape
from tests.conformance.recorded.tenant import RecordedTenant
from tests.conformance.recorded.values import fill, guid

# An id keeps its number throughout a session.
_NUMBERED = re.compile(r"<(guid|id) \d+>")
_HOLDER = re.compile(r"/v1.0/servicePrincipals/(<guid \d+>)/")
_FOUND = 200
_KINDS = {
    "applications": "application",
    "directoryObjects": "directoryObject",
    "directoryRoles": "directoryRole",
    "federatedIdentityCredentials": "federatedIdentityCredential",
    "groups": "group",
    "oauth2PermissionGrants": "oAuth2PermissionGrant",
    "servicePrincipals": "servicePrincipal",
    "users": "user",
}
_MADE = {"application", "group", "servicePrincipal", "user"}


def read_sessions() -> dict[str, list[dict[str, Any]]]:
    """Return the requests and answers of each recorded session by its name."""
    lines = (HERE / "azure_cli.jsonl").read_text(encoding="utf-8").splitlines()
    return {line["recording"]: line["exchanges"] for line in map(json.loads, lines)}


def not_compared(exchange: dict[str, Any]) -> bool:
    """Return True if the recorder kept no more of the answer than an id."""
    return exchange.get("answer", {}).keys() == {"id"}


class Session:
    """One session in a tenant of its own."""

    def __init__(
        self, tenant: Tenant, admin: Graph, as_user: Callable[..., Graph], as_app: Callable[..., Graph]
    ) -> None:
        self.tenant = tenant
        # The sessions' own tenant takes any identifier URI.
        tenant.choices = tenant.choices.changed({"identifierUriPolicy": "off"})
        self.admin = admin
        self.caller = as_user("grace@contoso.com", "Directory.AccessAsUser.All")
        self.as_user = as_user
        self.as_app = as_app
        # The ids of this tenant by those of the recording, and those that nothing has (yet).
        self.ids: dict[str, str] = {}
        self.of_nobody: dict[str, str] = {}

    def replay(self, number: int, exchange: dict[str, Any]) -> list[str]:
        """Send a request, and return how the answer differs from the recorded one."""
        shape = _shape(number, exchange)
        answer = exchange.get("answer", {})
        if not_compared(exchange):
            return []
        self._make_holder(exchange)
        if exchange["method"] == "GET" or "/getByIds" in exchange["path"]:
            self._make_what_is_there(shape, answer)
        response = self._send(exchange)
        if response.status_code == exchange["status"] and not answer:
            return ["a body"] if response.content else []
        differences = compare(shape, response)
        if not differences:
            differences += self._bind(answer, response.json(), "")
        return differences

    def _send(self, exchange: dict[str, Any]) -> httpx.Response:
        caller = self.as_app() if exchange["status"] == 403 else self.caller
        path = quote(self._known(exchange["path"]), safe="/?$=&'(),:@")
        request = exchange.get("request")
        body = None if request is None else fill(self._known(request))
        return caller.send(exchange["method"], path, body)

    def _make_holder(self, exchange: dict[str, Any]) -> None:
        """Make the service principal below which a path reads, if no answer shows it."""
        found = _HOLDER.match(exchange["path"])
        if found is not None and exchange["status"] == _FOUND and found[1] not in self.ids:
            self.ids[found[1]] = self.admin.principal(self.admin.application())["id"]

    def _make_what_is_there(self, shape: Shape, answer: dict[str, Any]) -> None:
        """Make the objects of an answer that no earlier answer had."""
        builder = RecordedTenant(shape, self.tenant, self.admin, self.as_user, self.as_app)
        for item in answer.get("value", [answer]):
            if not isinstance(item, dict) or item.get("id", "") in self.ids:
                continue
            kind = str(item.get("@odata.type", shape.kind)).removeprefix("#microsoft.graph.")
            if kind not in _MADE:
                continue
            made = builder.make(_unnumbered(item), kind)
            self._bind(item, made, "")
            if kind == "user" and shape.path.startswith(("/v1.0/me", "/v1.0/users/")):
                # Whom a session reads and has not made is who runs it.
                self._sign_in(made)

    def _sign_in(self, user: dict[str, Any]) -> None:
        """Go on as the user whom the recording's session belongs to."""
        self.tenant.directory_roles[user["id"]] = ["Global Administrator"]
        self.caller = self.as_user(user["userPrincipalName"], "Directory.AccessAsUser.All")

    def _known(self, masked: Any) -> Any:
        """Return a masked value with the ids that this tenant has for those of the recording."""

        def known(found: re.Match[str]) -> str:
            return self.ids.get(found[0]) or self.of_nobody.setdefault(found[0], guid())

        return json.loads(_NUMBERED.sub(known, json.dumps(masked)))

    def _bind(self, recorded: Any, answered: Any, path: str) -> list[str]:
        """Learn the ids of an answer, and return those that are others than before."""
        if isinstance(recorded, dict) and isinstance(answered, dict):
            pairs = [(recorded[name], answered[name], name) for name in recorded if name in answered]
        elif (
            isinstance(recorded, list) and isinstance(answered, list) and len(recorded) == len(answered) == 1
        ):
            pairs = [(recorded[0], answered[0], path)]
        elif isinstance(recorded, str) and isinstance(answered, str) and _NUMBERED.fullmatch(recorded):
            known = self.ids.setdefault(recorded, answered)
            return [] if known == answered else [f"{path}: another id"]
        else:
            return []
        return [line for pair in pairs for line in self._bind(*pair)]


def _shape(number: int, exchange: dict[str, Any]) -> Shape:
    answer = _unnumbered(exchange.get("answer", {}))
    parts = re.split(r"[#/(]", answer.get("@odata.context", "").removesuffix("/$entity").partition("#")[2])
    recorded = {
        **{name: exchange.get(name) for name in ("date", "method", "path", "status")},
        "headers": exchange.get("headers", {}),
        "kind": "error" if "error" in answer else _KINDS.get(parts[-1], parts[-1]),
        "order_kept": True,
        "shape": answer,
    }
    return Shape(number, recorded)


def _unnumbered(masked: Any) -> Any:
    text = json.dumps(masked)
    return json.loads(re.sub(r"<id \d+>", "<string>", re.sub(r"<guid \d+>", "<guid>", text)))
