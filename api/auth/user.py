"""`CurrentUser`: the claims of a verified access token, as the routes see them."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["user", "application"]


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Who calls: a person through a client, or (app-only) a client by itself.

    The key of a person is `tenant_id` and `object_id`. `username` changes and
    is reused, so it is for display only.
    """

    kind: Kind
    object_id: str
    tenant_id: str
    client_id: str
    #: Who it is to this API alone (pairwise); an application's is its `object_id`.
    subject: str
    name: str | None
    username: str | None
    scopes: frozenset[str]
    roles: frozenset[str]
    #: None: more groups than fit into a token (overage), so membership is unknown.
    groups: frozenset[str] | None
    expires_at: int
