"""Loaded environments, rules and the day in; everything that is found, once for each place, out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from entra_config.errors import ManifestError, Position
from entra_config.lint import declared
from entra_config.lint.model import (
    GRAVITY,
    PERSONAS,
    Hit,
    LintFinding,
    LintRequest,
    Other,
    Report,
    Rule,
    Side,
    View,
)
from entra_config.lint.silence import silence
from entra_config.manifest.loader import Loaded
from entra_config.manifest.reading.problems import Problems, near

if TYPE_CHECKING:
    from entra_config.lint.tenant import TenantReading

NOTHING_READ: Mapping[str, TenantReading] = MappingProxyType({})


def run(
    loaded: Sequence[Loaded], request: LintRequest, read: Mapping[str, TenantReading] = NOTHING_READ
) -> Report:
    """Hold the manifest against every rule; raise where `policy.lint` names a rule that there is not.

    Every environment is looked at, whichever was asked for: a comment is for all of them. `read` are the
    tenants of some of them.
    """
    _check_policies(loaded, request)
    views = manifest_views(loaded, request)
    found = [finding for view in views for finding in findings(view, "manifest", request)]
    known = {_thing(each) for each in found}
    tenants = tenant_views(views, read)
    # What the manifest says and the tenant has is told once, of the manifest.
    live = chain.from_iterable(findings(view, "live", request) for view in tenants)
    found += [each for each in live if _thing(each) not in known]
    reported = report(found, [*views, *tenants], request)
    return replace(reported, not_read=tuple(sentence for seen in read.values() for sentence in seen.unread))


def tenant_views(views: Sequence[View], read: Mapping[str, TenantReading]) -> list[View]:
    """Return the tenant's side of each environment that was read."""
    if not read:
        return []
    # What reads a tenant loads where one is read.
    from entra_config.lint import facts, live

    return [
        replace(
            view,
            subjects=live.subjects(view.manifest, view.subjects, seen),
            tenant=facts.tenant(seen),
            item_texts=(),
        )
        for view in views
        if (seen := read.get(view.manifest.environment)) is not None
    ]


def hosts(
    loaded: Sequence[Loaded], request: LintRequest, read: Mapping[str, TenantReading] = NOTHING_READ
) -> frozenset[str]:
    """Return the hosts of redirect URIs of the environments that were asked for, on both sides."""
    views = [
        view for view in manifest_views(loaded, request) if view.manifest.environment in request.environments
    ]
    from entra_config.lint import hosts as names

    return names.of(subject for view in (*views, *tenant_views(views, read)) for subject in view.subjects)


def _thing(each: LintFinding) -> tuple[str, str, str, tuple[str, ...]]:
    return each.rule, each.application, each.what, each.environments


def manifest_views(loaded: Sequence[Loaded], request: LintRequest) -> list[View]:
    """Return the manifest's side of each environment; each sees the others too."""
    every = {each.manifest.environment: declared.subjects(each) for each in loaded}
    others = [
        Other(each.manifest.environment, each.manifest.protected, every[each.manifest.environment])
        for each in loaded
    ]
    return [
        View(
            each.manifest,
            every[each.manifest.environment],
            request.now,
            others=tuple(other for other in others if other.environment != each.manifest.environment),
            hosts=request.hosts,
            rules=frozenset(request.rules),
            item_texts=tuple(declared.item_texts(each)),
        )
        for each in loaded
    ]


def findings(view: View, side: Side, request: LintRequest) -> Iterator[LintFinding]:
    """Yield what the rules of one side find in one view, with the severities that its policy says."""
    for rule in request.rules.values():
        if side not in rule.on:
            continue
        options = view.policy.of(rule.id)
        for hit in rule.check(view):
            severity = options.severity_of(hit.application, request.now) or hit.severity or rule.severity
            if severity != "off":
                yield finding(rule, replace(hit, severity=severity), view)


def finding(rule: Rule, hit: Hit, view: View) -> LintFinding:
    """Return a hit as a finding of its rule."""
    severity = hit.severity or rule.severity
    persona = hit.persona or rule.persona
    if severity == "I":
        persona = max(persona, "pedantic", key=PERSONAS.__getitem__)
    if rule.confidence == "low":
        persona = "auditor"
    return LintFinding(
        rule.id,
        severity,
        rule.confidence,
        persona,
        hit.message,
        rule.fix,
        hit.position,
        hit.application,
        hit.what,
        (view.manifest.environment,),
        live=view.live,
        fix=hit.fix,
    )


def report(found: Sequence[LintFinding], views: Sequence[View], request: LintRequest) -> Report:
    """Return what was asked for of the findings that nothing silences, each once, in the order of the
    files.
    """
    reported = silence(merge(found), views, request)
    declared = [replace(view, comments=reported.comments) for view in views if not view.live]
    hits = [each for view in declared for each in findings(view, "comments", request)]
    here = [one for each in (*reported.left, *merge(hits)) if (one := _here(each, request)) is not None]
    here.sort(key=_order)
    shown = [each for each in here if PERSONAS[each.persona] <= PERSONAS[request.persona]]
    hidden = [each.persona for each in here if PERSONAS[each.persona] > PERSONAS[request.persona]]
    return Report(
        views[0].manifest.project,
        request.environments,
        tuple(shown),
        suppressed=tuple(each for each in reported.silenced if _here(each.finding, request)),
        unseen={persona: hidden.count(persona) for persona in PERSONAS if persona in hidden},
    )


def _here(each: LintFinding, request: LintRequest) -> LintFinding | None:
    """Return a finding for the environments that were asked for, None where it is of none of them."""
    environments = tuple(name for name in each.environments if name in request.environments)
    return replace(each, environments=environments) if environments else None


def merge(found: Sequence[LintFinding]) -> list[LintFinding]:
    """Return what several environments have at one place as one finding of all of them, with the highest
    severity.
    """
    merged: dict[tuple[str, Position | None, str, str, bool], LintFinding] = {}
    for each in found:
        key = each.rule, each.position, each.application, each.message, each.live
        known = merged.get(key)
        if known is None:
            merged[key] = each
            continue
        environments = tuple(dict.fromkeys((*known.environments, *each.environments)))
        gravest = max(known, each, key=lambda one: GRAVITY[one.severity])
        merged[key] = replace(gravest, environments=environments)
    return list(merged.values())


def _order(each: LintFinding) -> tuple[str, int, int, int, str, str]:
    where = each.position or Position("", 0)
    return where.file, where.line, where.column, -GRAVITY[each.severity], each.rule, each.message


def _check_policies(loaded: Sequence[Loaded], request: LintRequest) -> None:
    problems = Problems()
    for each in loaded:
        policy = each.manifest.policy.lint
        for name, options in policy.rules.items():
            if name not in request.rules:
                problems.add(options.position, f"`{name}` is not a rule of lint.{near(name, request.rules)}")
        for name in policy.locked - set(request.rules):
            problems.add(
                policy.position, f"`locked`: `{name}` is not a rule of lint.{near(name, request.rules)}"
            )
    if problems:
        raise ManifestError(problems.found)
