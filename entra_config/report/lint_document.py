"""The published document of `entra-config lint --format json`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from entra_config.documents import DocumentPart
from entra_config.report.document import Place

Severity = Literal["E", "W", "I"]


class LintFindingPart(DocumentPart):
    """What one rule found at one place, in one or more environments."""

    rule: str
    severity: Severity
    confidence: Literal["high", "medium", "low"]
    persona: Literal["regular", "pedantic", "auditor"]
    message: str
    help: str
    position: Place | None = Field(description="Where in the manifest; null for what only the tenant has.")
    application: str = Field(description="The application's key; empty where it is of none.")
    environments: list[str]
    live: bool = Field(description="It is of the tenant, and not of the manifest.")
    fixable: bool = Field(description="`lint --fix` mends it.")
    fingerprint: str = Field(description="The same from run to run, whatever line it is on.")


class LintSuppressed(DocumentPart):
    """A finding that a comment silences."""

    rule: str
    message: str
    position: Place | None
    comment: Place
    because: str
    until: str | None


class LintDocument(DocumentPart):
    """What lint found: `entra-config lint --format json`."""

    version: Literal[2]
    kind: Literal["lint"]
    project: str
    environments: list[str]
    findings: list[LintFindingPart]
    suppressed: list[LintSuppressed]
    not_read: list[str] = Field(
        description="What could not be read of the tenant, and why: nothing is known of it."
    )
