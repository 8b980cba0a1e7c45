"""The published documents of the applications that are managed in a tenant, and of disabled ones."""

from __future__ import annotations

from typing import Literal

from entra_config.documents import DocumentPart


class ListedApplication(DocumentPart):
    """One registration that has ownership tags of this tool."""

    owner: str
    key: str
    display_name: str
    app_id: str
    id: str
    created_date_time: str | None


class ListDocument(DocumentPart):
    """The applications that this tool manages in a tenant: `entra-config list --format json`."""

    version: Literal[2]
    kind: Literal["list"]
    applications: list[ListedApplication]


class SwitchedApplication(DocumentPart):
    """The application that was disabled or enabled."""

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
    """An application that was disabled or enabled: `entra-config disable` and `enable`, `--format json`."""

    version: Literal[1]
    kind: Literal["switched"]
    owner: str
    application: SwitchedApplication
    enabled: bool
    switches: list[SwitchPart]
    remarks: list[str]
