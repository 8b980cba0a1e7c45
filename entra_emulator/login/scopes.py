"""The `scope` parameter in, what is asked of which resource out."""

from dataclasses import dataclass

OIDC = ("openid", "profile", "email", "offline_access")
DEFAULT = ".default"
GRAPH = "https://graph.microsoft.com"


@dataclass(frozen=True)
class ScopeRequest:
    """What one resource is asked for, the resource as the client wrote it."""

    resource: str
    names: tuple[str, ...]

    @property
    def is_default(self) -> bool:
        """Tell whether all that was granted is asked for."""
        return DEFAULT in self.names

    def prefixed(self, name: str) -> str:
        """Write one scope as the client did."""
        return f"{self.resource}/{name}"


@dataclass(frozen=True)
class Scopes:
    """A parsed `scope`: the OpenID scopes, and the resources in the order they were asked."""

    text: str
    oidc: tuple[str, ...]
    by_resource: tuple[ScopeRequest, ...]

    @property
    def mixes_default(self) -> bool:
        """Tell whether `.default` stands beside a named scope, which Entra refuses (70011)."""
        return any(scope_request.is_default for scope_request in self.by_resource) and any(
            name != DEFAULT for scope_request in self.by_resource for name in scope_request.names
        )


def of_resource(resource: str) -> str:
    """Write what a v1 client asks: all that was granted of one resource, or to be signed in and no more."""
    # A v1 client gets a refresh token without asking for it.
    return f"openid profile offline_access {resource}/.default" if resource else "openid profile"


def parse(text: str) -> Scopes:
    """Split `text` into OpenID scopes and resources; a scope without prefix is Graph's."""
    oidc: list[str] = []
    by_resource: dict[str, list[str]] = {}
    for scope in text.split():
        if scope.lower() in OIDC:
            oidc.append(scope.lower())
            continue
        # Only the last slash separates: `https://host//.default` keeps one in the resource.
        resource, slash, name = scope.rpartition("/")
        names = by_resource.setdefault(resource if slash else GRAPH, [])
        if name not in names:
            names.append(name)
    return Scopes(
        text,
        tuple(dict.fromkeys(oidc)),
        tuple(ScopeRequest(resource, tuple(names)) for resource, names in by_resource.items()),
    )
