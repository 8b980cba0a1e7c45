"""The published documents of what signs in, and of the ids that pipelines write into lock files."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.report.document import DocumentPart

GUID = r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"


class MadeApplication(DocumentPart):
    """One application that a run created: what its POST answered, never what a search found."""

    key: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    app_id: str = Field(pattern=GUID)
    created_date_time: str = Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$")
    created_by_app_id: str | None = Field(pattern=GUID)
    replaces: str | None = Field(
        default=None,
        pattern=GUID,
        description="The appId that the lock file pinned for this key, and the tenant did not have any more.",
    )


class RenamedApplication(DocumentPart):
    """One application whose rename a run applied: its pin moves from the old key to the new one."""

    key: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    previously: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    app_id: str = Field(pattern=GUID)


class MadeSecret(DocumentPart):
    """One secret with a life: the key ids that a rotation left of it, the value of none."""

    key: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    app_id: str = Field(pattern=GUID)
    label: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    key_ids: list[str] = Field(max_length=100)


class PinsDocument(DocumentPart):
    """What `apply --pins FILE` and `credentials rotate --pins FILE` write, and `lock --pins FILE` takes."""

    version: Literal[1]
    kind: Literal["pins"]
    project: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    environment: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
    tenant_id: str = Field(pattern=GUID)
    pins: list[MadeApplication] = Field(max_length=1000)
    renamed: list[RenamedApplication] = Field(default=[], max_length=1000)
    secrets: list[MadeSecret] = Field(default=[], max_length=1000)


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
