"""The document that a run writes of what it made, and that `lock --pins` takes in another job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from entra_config.documents import DocumentPart, is_other_version
from entra_config.errors import UsageError
from entra_config.files import write_output

if TYPE_CHECKING:
    from entra_config.manifest.model import Manifest

LARGEST = 2_000_000
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


def write(
    path: Path,
    manifest: Manifest,
    made: list[MadeApplication],
    secrets: list[MadeSecret],
    renamed: list[RenamedApplication] | None = None,
) -> None:
    """Write what a run made as the document that `lock --pins` takes, whole or not at all."""
    document = PinsDocument(
        version=1,
        kind="pins",
        project=manifest.project,
        environment=manifest.environment,
        tenant_id=manifest.tenant_id,
        pins=made,
        renamed=renamed or [],
        secrets=secrets,
    )
    try:
        write_output(path, document.model_dump_json(by_alias=True, indent=2) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def read(path: Path) -> PinsDocument:
    """Return what a document says; UsageError if it is not one of `apply --pins`."""
    try:
        return PinsDocument.model_validate_json(_bounded(path), strict=True)
    except ValidationError as error:
        if is_other_version(error):
            raise UsageError(
                f"{path}: these pins were written by another version of entra-config. Read the tenant "
                "instead:\n  entra-config lock -e ENV"
            ) from error
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise UsageError(f"{path}: these are no pins of `apply --pins`: {place}: {first['msg']}") from error


def _bounded(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST} bytes; these are no pins of `apply --pins`")
    return content
