"""Findings and the comments of a manifest in; which findings are left, which are silenced, what became of
each comment, out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from entra_config.lint.model import Comment, LintFinding, LintRequest, Suppressed, View
from entra_config.manifest.lint_policy import Ignore, find_ignores
from entra_config.manifest.until import over


@dataclass(frozen=True, slots=True)
class SilencedFindings:
    """What comments make of findings."""

    left: tuple[LintFinding, ...]
    silenced: tuple[Suppressed, ...]
    comments: tuple[Comment, ...]


def silence(found: Sequence[LintFinding], views: Sequence[View], request: LintRequest) -> SilencedFindings:
    """Return what is left. A comment reaches its own line, in time, and no finding that the root file
    alone may silence.
    """
    manifest = views[0].manifest
    left: list[LintFinding] = []
    silenced: list[Suppressed] = []
    used: dict[Ignore, set[str]] = {each: set() for each in manifest.ignores}
    refused: dict[Ignore, set[str]] = {each: set() for each in manifest.ignores}
    for each in found:
        meant = find_ignores(manifest.ignores, each.rule, each.position)
        in_time = [one for one in meant if not over(one.until, request.now)]
        locked = each.severity == "E" or _locked(each, views)
        for one in meant:
            (refused if locked else used)[one].add(each.rule)
        if in_time and not locked:
            silenced.append(Suppressed(each, in_time[0].position, in_time[0].because, in_time[0].until))
        else:
            left.append(each)
    sides = {side for view in views for side in ("live" if view.live else "manifest",)}
    judged = frozenset(name for name, rule in request.rules.items() if sides & {*rule.on})
    comments = (
        Comment(one, frozenset(used[one]), frozenset(refused[one]), judged.intersection(one.rules))
        for one in manifest.ignores
    )
    return SilencedFindings(tuple(left), tuple(silenced), tuple(comments))


def _locked(each: LintFinding, views: Sequence[View]) -> bool:
    return any(
        view.manifest.locks_rule(each.rule)
        for view in views
        if view.manifest.environment in each.environments
    )
