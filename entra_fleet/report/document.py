"""The published documents of a fleet: its shards."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.documents import DocumentPart
from entra_config.risk import Risk


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

    version: Literal[2]
    kind: Literal["fleet"]
    tool: str = Field(description="The hash of the tool's own files.")
    shards: list[FleetShardPart]
    chunks: list[int] = Field(description="The numbers of the chunks, for a matrix; with --chunks.")
    lock_files_without_tenant: list[str] = Field(
        description="Lock files whose tenant the fleet does not have."
    )


Verb = Literal["plan", "apply", "drift", "lint", "test", "lock", "credentials"]
Level = Literal["high", "medium", "low", "none"]
# What keeps a plan from being done whole; nothing but the second one can be approved.
Obstacle = Literal["", "partlyRefused", "refused", "withheld", "after"]
# What came of an approved plan. Only the last three keep the next wave from starting.
Outcome = Literal["done", "partly", "refused", "moved", "failed", "stopped", "unknown"]


class NotComparedPart(DocumentPart):
    """A text that is not compared between tenants: as declared, and its value in this tenant."""

    place: str
    declared: str
    value: str


class FleetCountPart(DocumentPart):
    """How many people gain or lose one thing: of a kind only the step is compared."""

    action: Literal["gain", "lose"]
    what: str = Field(description="`application/role`.")
    people: int | None = Field(description="Null where nobody could count.")


class FleetKindPart(DocumentPart):
    """A kind of change: what plans of several tenants may have alike."""

    id: str = Field(description="The same for all that are of the kind.")
    risk: Level = Field(description="The highest of its changes; `none` where nothing changes.")
    obstacle: Obstacle = Field(
        description=(
            "`partlyRefused`: a policy leaves a part out. `refused`: nothing would be done. "
            "`withheld`: a grant waits. `after`: a project that comes before has to be applied first."
        )
    )
    # A key, and never markup: it is said in comments and on terminals, and any job may have written the file.
    after: str = Field(
        pattern=r"^([A-Za-z][A-Za-z0-9-]{0,63})?$",
        description="The project that has to be applied first; else empty.",
    )
    headline: list[str] = Field(description="What it does, as in this tenant, beside who gains and loses.")
    counts: list[FleetCountPart] = Field(description="Who gains and loses, as in this tenant.")
    not_compared: list[NotComparedPart]


class FleetLinePart(DocumentPart):
    """A line of a plan, as it is shown."""

    text: list[tuple[str, str]] = Field(description="Texts with their styles; the first begins with blanks.")
    place: str = Field(description="file:line of the manifest, or empty.")


class FleetChangePart(DocumentPart):
    """One change of a plan, as it is shown, without names of people."""

    risk: Risk
    following: bool = Field(description="Once what it is about is back.")
    lines: list[FleetLinePart]


class FleetLossPart(DocumentPart):
    """What one plan takes away."""

    people: int | None = Field(description="How many lose something; null where nobody could count.")
    applications: int = Field(description="How many lose something.")
    deleted: int = Field(description="How many applications are deleted.")


class FleetAppliedPart(DocumentPart):
    """What came of an approved plan.

    `partly` left out what a policy or a doubt keeps back; `moved`: the plan is another one; `stopped`: not
    let in; `unknown`: its process left no result.
    """

    approval: str = Field(description="Its id.")
    outcome: Outcome
    sent: int | None = Field(description="How many steps were begun; null where nobody knows.")


class FleetResultDocument(DocumentPart):
    """What came of one shard: a file of `entra-config fleet run`."""

    version: Literal[3]
    kind: Literal["fleetResult"]
    run: str = Field(description="The id of the run; a result of another run is none.")
    shard: str = Field(description="`tenant/project`.")
    tenant_id: str
    owner: str
    do: Verb
    hash: str = Field(description="Of all that decides the shard, as `fleet list` has it.")
    allow: list[str] = Field(description="The limits that were lifted; they are a part of the hash.")
    cloud: str
    ended: str = Field(description="When, in UTC.")
    code: int = Field(description="The exit code: 0, 1, 2 or 3.")
    error: str = Field(description="Why there is no document; else empty.")
    digest: str = Field(description="Of the plan; else empty.")
    change: FleetKindPart | None = Field(description="Null where there is an error.")
    loss: FleetLossPart | None = Field(description="Of a plan; else null.")
    applied: FleetAppliedPart | None = Field(description="Of an apply; else null.")
    lock: str = Field(description="The lock file as it should be, of lock; else empty.")
    text: str = Field(description="The report of this one tenant, as its command prints it.")
    unnamed: str = Field(description="The same without names of people, in Markdown.")
    changes: list[FleetChangePart] = Field(
        description="Of a plan, highest risk first; none where that would be too much: `text` has all."
    )


class FleetMemberPart(DocumentPart):
    """One shard of a report; `reason` says why there is no result, or what failed."""

    shard: str
    tenant_id: str
    wave: int
    code: int | None
    reason: str
    place: str = Field(description="Where the tenant stands in the fleet's files: file:line:column.")
    digest: str = Field(description="Of its plan; else empty.")
    counts: list[FleetCountPart]
    not_compared: list[NotComparedPart]


class FleetGroupPart(DocumentPart):
    """A kind of change with the shards that it is of; the first one's report stands for all."""

    id: str = Field(description="Of the kind and of all results of its members, for `fleet approve --class`.")
    kind: str = Field(description="Of the kind alone.")
    outcome: Outcome | None = Field(description="Of applies; else null.")
    obstacle: Obstacle
    after: str
    risk: Level
    headline: list[str]
    distinct: list[str] = Field(
        description="Of `headline`, what no other group has: shown first. Empty where nothing is shared."
    )
    counts: list[FleetCountPart] = Field(description="As in the first one; `members` have each their own.")
    text: str
    changes: list[FleetChangePart] = Field(description="Of the first one's plan.")
    members: list[FleetMemberPart]


class FleetLimitPart(DocumentPart):
    """What all plans that can be approved take away together, and the limit of the fleet."""

    unit: str = Field(description="`people`, `applications` or `deleted applications`.")
    losses: int | None = Field(description="Null if they could not be counted.")
    limit: int


class FleetReportDocument(DocumentPart):
    """What came of a fleet: `entra-config fleet report --format json`. Each shard stands in it once."""

    version: Literal[3]
    kind: Literal["fleetReport"]
    id: str = Field(description="Of all that the report is about, for `fleet approve --report`.")
    run: str
    do: str
    shards: int
    code: int = Field(description="The worst shard's: 1 before 3 before 2 before 0.")
    groups: list[FleetGroupPart] = Field(description="By risk, then by how many they are of.")
    failed: list[FleetMemberPart]
    without_result: list[FleetMemberPart] = Field(description="The shards that have no result.")
    not_planned: list[FleetMemberPart] = Field(
        description="With --base: those that have none because nothing that decides them has changed."
    )
    lock_files_without_tenant: list[str] = Field(
        description="Lock files whose tenant the fleet does not have."
    )
    guards: list[str] = Field(
        description="With --base: what the fleet's own files lower since then; empty with --tenant."
    )
    waves: list[str] = Field(description="Of each wave, in order, who is in it; empty with --tenant.")
    limits: list[FleetLimitPart] = Field(description="Of plans; empty with --tenant.")
