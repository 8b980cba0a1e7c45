"""The published documents of a fleet: its shards."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.report.document import DocumentPart


class FleetShardPart(DocumentPart):
    """One project in one tenant."""

    name: str = Field(description="`tenant/project`.")
    tenant: str
    tenant_id: str
    project: str
    owner: str = Field(description="The owner's mark in the tenant: `project/environment` of the manifest.")
    wave: int = Field(description="From 1.")
    tags: list[str]
    chunk: int | None = Field(description="From 1; with --chunks.")
    hash: str = Field(description="Of all that decides what a plan of it does.")


class FleetDocument(DocumentPart):
    """The shards of a fleet, in order: `entra-config fleet list --json`."""

    version: Literal[1]
    kind: Literal["fleet"]
    tool: str = Field(description="The hash of the tool's own files.")
    shards: list[FleetShardPart]
    chunks: list[int] = Field(description="The numbers of the chunks, for a matrix; with --chunks.")
    left: list[str] = Field(description="Lock files whose tenant the fleet does not have.")
