"""Who calls: verified token claims in, a caller with its permissions and directory roles out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from entra_emulator.directory import Tenants

GRAPH_APP_ID = "00000003-0000-0000-c000-000000000000"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class TokenRejectedError(Exception):
    """The bearer token is not accepted; the message is what Graph says."""


VerifyToken = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True)
class Caller:
    """The identity behind a request: a user through a client, or a client by itself."""

    kind: Literal["user", "app"]
    tid: str
    oid: str
    appid: str
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    directory_roles: frozenset[str] = frozenset()

    @property
    def permissions(self) -> frozenset[str]:
        """Give the Graph permissions in force: scopes for a user, app roles for an application."""
        return self.scopes if self.kind == "user" else self.roles

    def claims(self) -> dict[str, Any]:
        """Give the claims of a Graph token for this caller."""
        claims: dict[str, Any] = {"aud": "https://graph.microsoft.com", "tid": self.tid, "oid": self.oid}
        claims["appid"] = self.appid
        if self.kind == "user":
            return {**claims, "idtyp": "user", "scp": " ".join(sorted(self.scopes))}
        return {**claims, "idtyp": "app", "roles": sorted(self.roles)}


def from_claims(directory: Tenants, claims: Mapping[str, Any]) -> Caller:
    """Derive the caller from verified claims; TokenRejectedError where the token is not for Graph."""
    if "aud" in claims and not is_graph_audience(str(claims["aud"])):
        # Graph answers 401 InvalidAuthenticationToken with this text for another resource's token.
        raise TokenRejectedError("Access token validation failure. Invalid audience.")
    tenant = directory.tenants.get(str(claims.get("tid", "")))
    if tenant is None:
        raise TokenRejectedError("Access token validation failure.")
    oid = str(claims.get("oid", ""))
    is_user = "scp" in claims
    return Caller(
        kind="user" if is_user else "app",
        tid=tenant.tenant_id,
        oid=oid,
        appid=str(claims.get("appid") or claims.get("azp") or ""),
        scopes=frozenset(str(claims.get("scp", "")).split()),
        roles=frozenset(claims.get("roles") or ()),
        directory_roles=frozenset(tenant.directory_roles.get(oid, ())),
    )


def is_graph_audience(audience: str) -> bool:
    """Say whether an audience means Graph: its appId, its URL, or this emulator's own URL with or without
    port.
    """
    if audience.casefold() == GRAPH_APP_ID:
        return True
    parts = urlsplit(audience)
    if parts.scheme not in {"https", "http"}:
        return False
    host = (parts.hostname or "").casefold()
    return host in _LOOPBACK or host.endswith(".localhost") or host == "graph.microsoft.com"
