"""The published documents of what signs in."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.documents import DocumentPart


class ListedCredential(DocumentPart):
    """One way to sign in as an application; never a value."""

    application: str
    object: Literal["application", "servicePrincipal"] = Field(description="Which of its two objects has it.")
    type: Literal["secret", "certificate", "federated credential"]
    name: str
    key_id: str | None = Field(description="Null of a declared secret that is not there yet.")
    standing: Literal[
        "declared", "rotated", "accepted", "undeclared", "current", "orphan", "overlapping", "done", "missing"
    ] = Field(description="current, orphan, overlapping and done are known where sinks were asked.")
    start: str | None
    end: str | None
    place: str | None = Field(
        description="Where it is kept: a sink; of a federated credential its issuer and subject."
    )
    last_used: str | None
    due: str | None = Field(description="Why its next one is due, or why a rotation has to look at it.")


class CredentialsDocument(DocumentPart):
    """What can sign in as ours: `entra-config credentials --format json`."""

    version: Literal[1]
    kind: Literal["credentials"]
    environment: str
    uses_read: bool = Field(description="Whether the tenant told when keys were last used.")
    credentials: list[ListedCredential]


class RotatedSecret(DocumentPart):
    """What became of one secret, or of one certificate whose keys are generated."""

    application: str
    type: Literal["secret", "certificate"]
    secret: str = Field(description="Its label in the manifest.")
    sink: str
    place: str
    made: str | None = Field(description="The key id of the new one; null where none was due.")
    ends: str | None
    signed_in: bool = Field(description="What its sink keeps signed in, in this run.")
    removed: list[str]
    key_ids: list[str] = Field(description="All that are left of it, the newest first.")


class RotationDocument(DocumentPart):
    """What a rotation did: `entra-config credentials rotate --format json`."""

    version: Literal[1]
    kind: Literal["rotation"]
    secrets: list[RotatedSecret]
