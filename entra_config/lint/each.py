"""What several rules look for in the same way: credentials by dates, lists that are long, what is off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Literal

from entra_config.lint.model import Hit, Rule, View
from entra_config.lint.subject import Credential, Federated, LintSubject, Redirect

CredentialType = Literal["secret", "certificate"]


def credentials(view: View, type_: CredentialType) -> Iterator[tuple[LintSubject, Credential]]:
    """Yield each secret, or each certificate, of an application."""
    for subject in view.subjects:
        yield from ((subject, each) for each in subject.credentials if each.type == type_)


def expiring(view: View, type_: CredentialType, rule: Rule) -> Iterator[tuple[LintSubject, Credential, int]]:
    """Yield what ends within the rule's `days`, and in how many, unless it has ended or another of its
    type lives on.
    """
    most = timedelta(days=view.days(rule.id, rule.options["days"]))
    for subject in view.subjects:
        proving = [
            each for each in subject.credentials if each.type == type_ and each.usage == "Verify" and each.end
        ]
        lives_on = any(each.end and each.end - view.now > most for each in proving)
        for each in proving if not lives_on else ():
            if each.end and view.now <= each.end <= view.now + most:
                yield subject, each, (each.end - view.now).days


def lasting(view: View, type_: CredentialType, rule: Rule) -> Iterator[tuple[LintSubject, Credential, str]]:
    """Yield what holds for more than the rule's `days`, and how long in words."""
    most = view.days(rule.id, rule.options["days"])
    for subject, each in credentials(view, type_):
        days = (each.end - each.start).days if each.end and each.start else 0
        if days > most:
            yield subject, each, f"for {days} days, more than {most}"


def crowded(
    view: View, rule: Rule, items: Callable[[LintSubject], Sequence[Redirect | Federated]], what: str
) -> Iterator[Hit]:
    """Yield each application with more than the rule's `most` of something, at the first one."""
    most = view.most(rule.id, rule.options["most"])
    for subject in view.subjects:
        found = items(subject)
        if len(found) > most:
            message = f"`{subject.key}` has {len(found)} {what.format(most=most)}"
            yield Hit(found[0].position, message, subject.key, "count")


def granted(view: View, path: str, what: str) -> Iterator[Hit]:
    """Yield each application that is given something by a switch."""
    for subject in view.subjects:
        if subject.value(path) is True:
            yield Hit(subject.spot(path), f"`{subject.key}` gets {what}", subject.key, path)


def switched_off(view: View, fact: str, message: str, what: str) -> Iterator[Hit]:
    """Yield the tenant of which a fact says that something is off."""
    for each in view.facts(fact):
        if each.get("isEnabled") is False:
            yield Hit(None, message, what=what)


def hit(subject: LintSubject, each: Credential, message: str) -> Hit:
    """Return what is found of a credential."""
    return Hit(each.position or subject.position, message, subject.key, each.key_id or each.name)
