"""The published document of a snapshot."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from entra_config.documents import DocumentPart


class SnapshotTenant(DocumentPart):
    """The tenant that was read."""

    id: str
    name: str


class Collection(DocumentPart):
    """Objects of one type, and which reads they come from.

    A read is `property=value`, or `*` for all of them; `of` is the id of the object that the items belong to.
    Whatever is not in `read` is unknown, even if there is no item: it is never empty.
    """

    items: list[dict[str, Any]]
    read: list[str] = Field(description="What was read completely.")
    partly: list[str] = Field(description="What was read up to a limit: there may be more items.")
    not_permitted: list[str] = Field(description="What Graph did not permit to read.")
    failed: list[str] = Field(description="What Graph refused for another reason, or did not answer.")
    not_asked: list[str] = Field(description="What no request asked for.")


class SnapshotDocument(DocumentPart):
    """What a plan read of a tenant: `entra-config snapshot --out FILE`, `apply --snapshots DIR`."""

    version: Literal[1]
    kind: Literal["snapshot"]
    project: str
    environment: str
    tenant: SnapshotTenant
    made_at: str = Field(description="When the last answer came (ISO 8601).")
    redacted: bool = Field(
        description="True: ids and names of people, other names, hosts and UPNs are HMACs with a key that "
        "is not kept. One value is the same HMAC everywhere in this file, and another one in another file."
    )
    secrets_replaced: int = Field(description="How many texts looked like a secret and read `(secret)` now.")
    collections: dict[str, Collection]
    not_kept: list[str] = Field(description="Paths, without ids, of reads whose answers are not kept.")
