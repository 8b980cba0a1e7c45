"""The published documents of what is ours in a tenant, and of what was stopped there."""

from __future__ import annotations

from typing import Literal

from entra_config.documents import DocumentPart


class OwnedApplication(DocumentPart):
    """One registration that has ownership tags of this tool."""

    owner: str
    key: str
    display_name: str
    app_id: str
    id: str
    created_date_time: str | None


class OwnedDocument(DocumentPart):
    """What is ours in a tenant: `entra-config owned --format json`."""

    version: Literal[1]
    kind: Literal["owned"]
    applications: list[OwnedApplication]


class SwitchedApplication(DocumentPart):
    """The application that was stopped, or let go on."""

    key: str
    display_name: str
    app_id: str


class SwitchPart(DocumentPart):
    """One switch: what it was to be, and what became of it."""

    object: str
    property: Literal["accountEnabled", "isDisabled"]
    value: bool
    state: Literal["done", "unchanged", "unseen", "failed"]
    error: str | None


class SwitchedDocument(DocumentPart):
    """An application that was stopped or let go on: `entra-config disable` and `enable`, `--format json`."""

    version: Literal[1]
    kind: Literal["switched"]
    owner: str
    application: SwitchedApplication
    enabled: bool
    switches: list[SwitchPart]
    remarks: list[str]
