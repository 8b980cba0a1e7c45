"""The published document of a drift report: its shape, from which the JSON Schema is made."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from entra_config.documents import DocumentPart
from entra_config.drift.model import ActorKind, Grade, Reason, Sign
from entra_config.report.document import TenantPart
from entra_config.risk import Risk


class ActorPart(DocumentPart):
    """Who made a change, as the audit log names them; `via` is the class of client (portal, script,
    consent screen).
    """

    kind: ActorKind
    id: str
    name: str
    via: str


class AttributionPart(DocumentPart):
    """Who changed something and when, and how sure that is.

    `exact`: one record proves it, and no later one may have touched it, as of `as_of`; `possible`: records
    fit and none proves who it was, so the actor is unknown; `none`: nothing, and `reason` says why.
    """

    grade: Grade
    reason: Reason = Field(description="Empty unless the grade is `none`.")
    actor: ActorPart
    when: datetime | None
    first: datetime | None = Field(
        description="Where several records fit: the first one's time, `when` the last one's."
    )
    others: list[ActorPart] = Field(
        description="Whom the records name that fit and prove nothing: three at most."
    )
    suspects: int = Field(
        ge=0, description="How many actors' records fit, those that are not named here included."
    )
    as_of: datetime | None = Field(
        description="Until when the log was whole; null where the record is of this very object."
    )
    ours: bool = Field(description="Whether the actor is one of the manifest's `deployers`.")
    record: str = Field(description="The id of the audit record; empty where there is none.")


class FindingPart(DocumentPart):
    """One thing that somebody changed; `live` is what is, `declared` what the manifest says. Secrets read
    `(secret)`.
    """

    address: str
    sign: Sign
    risk: Risk = Field(description="By the table of risk, docs/risk.md.")
    rule: str = Field(description="The class of finding, such as `redirect-uri-added`.")
    sentence: str
    path: str = Field(description="The Graph property; empty where the finding is about a whole resource.")
    element: Any = Field(
        description="What identifies an entry inside the property: a URI, an id, a list of ids."
    )
    ids: dict[str, str] = Field(description="The directory's ids of the object, or of both ends of a link.")
    fingerprint: str = Field(
        description="The same in each report as long as the finding lasts, whatever line it stands on."
    )
    declared: Any
    live: Any
    file: str | None
    line: int | None = Field(ge=1)
    item: str | None = Field(
        default=None, description="The item of a list, if an entry with `each` makes what is in this line."
    )
    since: datetime | None = Field(
        description="From when it is known to be younger: it was not so then, or mended then."
    )
    attribution: AttributionPart
    revert: str = Field(
        default="", description="The command that puts it right, or that saves the plan; empty if none does."
    )
    not_reverted: str = Field(default="", description="Why no command puts it right; empty if one does.")


class GroupPart(DocumentPart):
    """A group by its id, and how many people are in it directly; null where that could not be read."""

    id: str
    people: int | None = Field(ge=0)


class ObjectsPart(DocumentPart):
    """Which objects the report compared: `--last` identifies them by these ids, whatever their names and
    tags are.
    """

    applications: dict[str, str] = Field(description="The appId of each application of ours, by key.")
    entries: dict[str, str] = Field(
        description="The id of each role and scope, by `KEY/role/LABEL` or `KEY/scope/LABEL`."
    )
    users: dict[str, str] = Field(description="By UPN, in lower case.")
    groups: dict[str, GroupPart] = Field(description="By display name, in lower case.")
    service_principals: dict[str, str] = Field(description="By display name, in lower case.")


class OverduePart(DocumentPart):
    """One thing that is over by its `until` and in the tenant still: no drift, and nobody's deed."""

    address: str
    sentence: str
    until: date = Field(description="Its last day, in UTC.")
    path: str = Field(description="The Graph property of an entry; empty where all of it is over.")
    element: str
    remedy: str = Field(description="The command that takes it away.")
    file: str | None
    line: int | None = Field(ge=1)
    item: str | None = Field(
        default=None, description="The item of a list, if an entry with `each` makes what is in this line."
    )


class DriftDocument(DocumentPart):
    """What others changed in a tenant, and who did: `entra-config drift --format json`."""

    version: Literal[2]
    kind: Literal["drift"]
    project: str
    environment: str
    tenant: TenantPart
    base: str = Field(description="What the tenant is compared with: the revision that was deployed.")
    manifest: str = Field(
        description="The same where two reports compare with manifests that declare the same."
    )
    checked_at: datetime
    since: datetime | None
    drifted: bool
    findings: list[FindingPart] = Field(description="Highest risk first.")
    information: list[FindingPart] = Field(
        description="Renames, and users who left, for which plan changes and withholds nothing; no drift."
    )
    overdue: list[OverduePart] = Field(default=[], description="Expired, not yet removed; no drift.")
    pending: list[str] = Field(description="What the manifest changes and nobody applied yet; no drift.")
    unmanaged: list[str] = Field(description="Registrations without anybody's marks; only with --unmanaged.")
    warnings: list[str]
    objects: ObjectsPart
