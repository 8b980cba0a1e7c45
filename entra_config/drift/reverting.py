"""A report of drift, and the plan that puts some of its findings right, in; what that plan does and does not,
out.
"""

from __future__ import annotations

from dataclasses import dataclass

from entra_config.drift.findings import findings
from entra_config.drift.model import Drift, Finding
from entra_config.phrase import Phrase
from entra_config.plan.model import Change, Plan, address_of


@dataclass(frozen=True, slots=True)
class Reverting:
    """What a plan does of the findings at some addresses.

    `unchanged` are the addresses where nothing differs, `left` the findings that the plan does not put right.
    `others` are what it would undo there and drift does not report. `included` are the changes at other
    addresses, which the plan needs.
    """

    unchanged: tuple[str, ...]
    left: tuple[Finding, ...]
    others: tuple[Finding, ...]
    included: tuple[Change, ...]


def compare(drift: Drift, plan: Plan, addresses: tuple[str, ...]) -> Reverting:
    """Compare the findings at these addresses with what a plan of them would undo."""
    reported = [each for each in (*drift.findings, *drift.information) if str(each.address) in addresses]
    undone = [each for each in findings(plan, {}) if each.mended and str(each.address) in addresses]
    known = {each.identity for each in reported}
    done = {each.identity for each in undone}
    there = {str(each.address) for each in (*reported, *undone)}
    return Reverting(
        tuple(each for each in addresses if each not in there),
        tuple(each for each in reported if each.identity not in done),
        tuple(each for each in undone if each.identity not in known),
        tuple(each for each in plan.changes if str(address_of(each)) not in addresses),
    )


def why_left(finding: Finding, plan: Plan) -> str:
    """Return why a plan leaves a finding that an apply could put right."""
    for each in plan.withheld:
        if each.address is not None and each.address.key in finding.about:
            return Phrase.of("plan withholds it: ", each.message, "; ", each.remedy)
    for refusal in plan.refusals:
        if refusal.address is not None and refusal.address.key in finding.about:
            return Phrase.of("plan does not do it: ", refusal.message)
    return "plan changes nothing there"
