"""A finding in, its class of the table of risk out: what lets somebody do most comes first."""

from __future__ import annotations

from collections.abc import Mapping

from entra_config.drift.model import Finding
from entra_config.kinds.table import OBJECTS, TRACES
from entra_config.risk import CLASSES, Risk, RiskClass, highest, of_property
from entra_config.risk import rank as rank_of


def class_of(finding: Finding) -> RiskClass:
    """Return the class of a finding: by what came, what went, or the property that changed."""
    if finding.gives:
        return CLASSES[finding.gives]
    named = of_property(finding.path)
    if finding.path and named.name == "text":
        return named
    if finding.sign == "removed":
        gone = not finding.path and finding.address.kind in OBJECTS
        return CLASSES["destroyed" if gone else "lost"]
    if finding.sign == "changed" and isinstance(finding.live, Mapping):
        return highest((of_property(*each).name for each in finding.live.items()), "text")
    given = TRACES[finding.address.kind].gives if finding.sign == "added" else ""
    if given or finding.sign == "added":
        return CLASSES[given] if given else named
    return of_property(finding.path, finding.live)


def risk(finding: Finding) -> Risk:
    """Return the level of a finding."""
    return class_of(finding).risk


def rank(finding: Finding) -> int:
    """Return where a finding stands among others: the riskiest is 0."""
    return rank_of(risk(finding))
