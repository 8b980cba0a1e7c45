"""The published document of an approval: which plans may be carried out, in which order, until when."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.documents import DocumentPart


class FleetLimitsPart(DocumentPart):
    """The limits of the fleet when it was approved."""

    failed_tenants: int = Field(description="Of a wave's tenants, in hundredths of a percent.")
    people: int
    applications: int
    deleted: int


class ApprovedShardPart(DocumentPart):
    """One shard whose plan was approved."""

    shard: str = Field(description="`tenant/project`.")
    tenant_id: str
    owner: str
    wave: int = Field(description="From 1.")
    digest: str = Field(description="Of the plan that was read.")
    hash: str = Field(description="Of all that decides the shard, as `fleet list` has it.")
    allow: list[str] = Field(description="The limits that were lifted for the plan, and are again for apply.")
    cloud: str


class FleetApprovalDocument(DocumentPart):
    """What may be carried out: `entra-config fleet approve`. It is no signature: who may start the apply may
    write one.
    """

    version: Literal[1]
    kind: Literal["fleetApproval"]
    id: str = Field(description="Of everything else in the document.")
    approved: list[str] = Field(description="The ids of the kinds or of the report that were approved.")
    run: str = Field(description="The run that made the plans.")
    made: str = Field(description="When, in UTC.")
    ends: str = Field(description="Until when an apply may begin, in UTC.")
    limits: FleetLimitsPart
    shards: list[ApprovedShardPart]


class FleetCheckDocument(DocumentPart):
    """A wave that may start: what `entra-config fleet check` writes for `fleet run`."""

    version: Literal[2]
    kind: Literal["fleetCheck"]
    approval: str = Field(description="Its id.")
    wave: int
    allowed_at: str = Field(description="When, in UTC.")
