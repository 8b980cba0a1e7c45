"""A manifest as it was and as it is in, for one environment; which guards a change lowers, and where, out.

guard                         lowered where
the environment               no longer protected, another tenant, one deployer more, a limit raised or
                              lifted, a consent listed, something of others acknowledged, a place that keeps
                              secrets new or elsewhere
a path restriction            a file has none any more, or it lists more, one of access tests too; a file is
                              new and has none
an application                may be destroyed again, is declared no more though that was forbidden, ignores
                              more changes, says no longer what is consented to or which tenants may use it;
                              a secret of it is kept elsewhere
who holds roles               they are no longer said, or only added to; nor which applications of others do
an end                        an `until` is later, or gone
items of lists                one makes an application, or gives a role, consent, owner, host or sign-in
lint                          a comment silences a rule, or the policy is told something else
what `policy.consent` names   a key that it lists means another application
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from entra_config.errors import Position
from entra_config.manifest import ending
from entra_config.manifest.fields.field import RESTRICTIONS
from entra_config.manifest.fields.root_records import LIMITS
from entra_config.manifest.item_gains import gains
from entra_config.manifest.lint_policy import Ignore, RuleOptions
from entra_config.manifest.model import Application, Manifest, Named
from entra_config.manifest.policy import Limits
from entra_config.manifest.until import NEVER, format_day
from entra_config.manifest.widened import widened
from entra_config.phrase import Person, Phrase, quote_name

_LIMIT_KEYS = dict(zip((each.name for each in fields(Limits)), LIMITS.keys, strict=True))


@dataclass(frozen=True, slots=True)
class Guard:
    """One guard that a change lowers, in words, and where."""

    text: str
    position: Position | None = None


def lowered(old: Manifest, new: Manifest) -> Iterator[Guard]:
    """Yield each guard that is lower than it was."""
    yield from _environment(old, new)
    yield from _policy(old, new)
    yield from map(Guard, widened(old, new))
    yield from _declared(old, new)
    yield from _holders(old, new)
    for each, day in ending.later(old, new):
        now = "for good" if each.day == NEVER else f"until {format_day(each.day)}"
        yield Guard(Phrase.of(each.what, f" {now}, and was until {format_day(day)}"), each.position)
    yield from _lint(old, new)
    yield from (Guard(text, position) for text, position in gains(old, new))


def _lint(old: Manifest, new: Manifest) -> Iterator[Guard]:
    known = [_silence(old, each) for each in old.ignores]
    for each in new.ignores:
        if (reported := _silence(new, each)) in known:
            # The same words in the same file are one comment that moved, for each time that they stand there.
            known.remove(reported)
        else:
            yield Guard(reported, each.position)
    was, now = old.policy.lint, new.policy.lint
    for domain in sorted({*now.domains} - {*was.domains}):
        yield Guard(f"`policy.lint`: hosts below {domain} count as the project's own", now.position)
    for rule in sorted(was.locked - now.locked):
        yield Guard(f"`policy.lint`: comments may silence {rule}", now.position)
    for rule in sorted({*was.rules, *now.rules}):
        before, after = _reported(was.of(rule)), _reported(now.of(rule))
        if before != after:
            position = now.of(rule).position or now.position
            yield Guard(f"`policy.lint`: {rule} {before or 'as ever'} → {after or 'as ever'}", position)


def _silence(manifest: Manifest, each: Ignore) -> str:
    file = Path(each.position.file)
    folder = Path(manifest.root).parent
    name = file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.as_posix()
    until = f" until {format_day(each.until)}" if each.until else ""
    reason = f" because {each.because}" if each.because else ", and nobody says why"
    return f"lint is silent of {', '.join(each.rules) or 'nothing that it knows'} in {name}{until}{reason}"


def _reported(options: RuleOptions) -> str:
    found = {name: getattr(options, name) for name in ("severity", "applications", "days", "most")}
    found["until"] = format_day(options.until) if options.until else None
    found["because"] = options.because
    return ", ".join(
        f"{name} {', '.join(value) if isinstance(value, tuple) else value}"
        for name, value in found.items()
        if value not in {None, "", ()}
    )


def _declared(old: Manifest, new: Manifest) -> Iterator[Guard]:
    for key, was in old.applications.items():
        now = new.applications.get(key)
        if now is None and was.prevent_destroy:
            position = new.removed[key].position if key in new.removed else None
            yield Guard(f"{key} is declared no more, and its `preventDestroy` with it", position)
        if now is None:
            continue
        if was.prevent_destroy and not now.prevent_destroy:
            yield Guard(f"{key} may be destroyed: `preventDestroy` is gone", now.position)
        for label, secret in now.rotating.items():
            if label not in was.rotating or was.rotating[label].sink != secret.sink:
                kept = f"{secret.type} {label} of {key} is kept in sink {secret.sink}"
                yield Guard(kept, secret.position)
        if more := [path for path in now.ignore_changes if path not in was.ignore_changes]:
            yield Guard(f"{key} ignores changes of {', '.join(more)}", now.position)
        yield from _unsaid(key, was, now)


def _unsaid(key: str, was: Application, now: Application) -> Iterator[Guard]:
    """Yield what of an application was compared, and is left to anybody from then on."""
    if RESTRICTIONS in was.settings and RESTRICTIONS not in now.settings:
        yield Guard(
            f"`allowedTenants` of {key} is declared no longer: changes are not reported", now.position
        )
    for api, permission in now.api_permissions.items():
        before = was.api_permissions.get(api, permission)
        sides = ((each.delegated_consent, each.application_consent) for each in (before, permission))
        if any(in_full is not None and left is None for in_full, left in zip(*sides, strict=True)):
            yield Guard(
                f"`adminConsent` of {key} at {api} is said no longer: what somebody consents to stays",
                now.position,
            )


def _holders(old: Manifest, new: Manifest) -> Iterator[Guard]:
    for place, holders in new.assignments.items():
        if holders.additive and place in old.assignments and not old.assignments[place].additive:
            yield Guard(
                f"{'/'.join(place)} is only added to: who else is given it keeps it", holders.position
            )
    for place, was in old.assignments.items():
        now = new.assignments.get(place)
        in_full = was.service_principals is not None and place[0] in new.applications
        if in_full and (now is None or now.service_principals is None):
            reported = (
                f"`servicePrincipals` of {'/'.join(place)} are said no longer: which others' "
                "applications hold it stays"
            )
            yield Guard(reported, now.position if now is not None else None)
    staying = {(each.named.name, each.resource) for each in new.grants}
    for given in old.grants:
        if (given.named.name, given.resource) not in staying:
            reported = (
                f"`grants` says no longer what {given.named.name} holds at {given.resource}: it keeps "
                "what it was given"
            )
            yield Guard(f"{reported}; only `absent` takes it away")
    for key in sorted(old.listed - new.listed):
        if key in new.applications or key in new.enterprise_applications:
            position = new.applications[key].position if key in new.applications else None
            yield Guard(f"`appRoleAssignments` says no longer who holds roles of {key}", position)


def _environment(old: Manifest, new: Manifest) -> Iterator[Guard]:
    if old.protected and not new.protected:
        yield Guard(f"environment {new.environment} is no longer protected")
    if old.tenant_id != new.tenant_id:
        yield Guard(f"environment {new.environment} is of tenant {new.tenant_id}, and was of {old.tenant_id}")
    if old.authority != new.authority:
        yield Guard(f"people of {new.environment} sign in at {new.authority or 'their cloud'}")
    yield from _deployers(old, new)
    for name, sink in new.sinks.items():
        place = old.sinks.get(name)
        if place is None or place.digest != sink.digest:
            was = f", and was {place.reported}" if place else ""
            yield Guard(f"sink {name}: a secret is kept at {sink.reported}{was}", sink.position)
    for key, entries in new.acknowledged.items():
        for entry in entries:
            if entry not in old.acknowledged.get(key, ()):
                held = ", ".join(sorted((*entry.application, *entry.delegated)))
                yield Guard(f"acknowledged at {key}: {entry.app_id} holds {held}")


def _deployers(old: Manifest, new: Manifest) -> Iterator[Guard]:
    if new.deployers is None and old.deployers:
        yield Guard("`deployers` names nobody any more: whoever is signed in counts as one")
    known = {(each.name, each.id) for each in old.deployers or ()}
    for each in new.deployers or ():
        if (each.name, each.id) not in known:
            who = Person(quote_name(each.name), each.id or "") if "@" in each.name else quote_name(each.name)
            yield Guard(
                Phrase.of("deployer ", who, ": never removed as an owner, and what it makes is ours"),
                each.position,
            )


def _policy(old: Manifest, new: Manifest) -> Iterator[Guard]:
    for word in sorted(new.policy.allow - old.policy.allow):
        yield Guard(f"`policy.allow` lifts {word} each time")
    for limit in fields(Limits):
        was, now = getattr(old.policy.limits, limit.name), getattr(new.policy.limits, limit.name)
        if now > was:
            yield Guard(f"`policy.limits`: {_LIMIT_KEYS[limit.name]} {was} → {now}")
    for name, kinds in new.policy.consent.items():
        for kind, permissions in kinds.items():
            more = sorted(permissions - old.policy.consent.get(name, {}).get(kind, frozenset()))
            if more:
                yield Guard(f"`policy.consent` lists {', '.join(more)} ({kind}) of {name}")
        was, now = (_named(side, name) for side in (old, new))
        if name in old.policy.consent and was != now and was:
            position = (
                new.enterprise_applications[name].position if name in new.enterprise_applications else None
            )
            yield Guard(
                f"`policy.consent` of {name} is about {now or 'nothing'} now, and was about {was}", position
            )


def _named(manifest: Manifest, name: str) -> str:
    declared = manifest.enterprise_applications.get(name)
    if declared is None:
        return ""
    named: Named | None = declared.named
    words = (declared.app_id, *((named.name, named.id) if named is not None else ()))
    return " ".join(dict.fromkeys(word for word in words if word))
