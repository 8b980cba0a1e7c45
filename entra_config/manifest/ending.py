"""A manifest and an instant in; the manifest without what is over by then, and all that ends sometime, out.

Where the manifest says exactly who holds what, an entry that is over is as if it did not stand there. Where
it only adds (`grants`, `additive`), what does not stand there is left: there, what is over is taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from entra_config.manifest.model import (
    Application,
    EnterpriseApplication,
    Given,
    Manifest,
    Named,
    RoleAssignees,
)
from entra_config.manifest.parts import ApiPermission, Certificate, FederatedCredential
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.manifest.until import NEVER, Ending, Until, over, soon
from entra_config.phrase import Person, Phrase


def at(manifest: Manifest, now: datetime) -> Manifest:
    """Return the manifest as it holds at an instant; `written` of it is all that stands there."""
    written = manifest.written or manifest
    if not any(over(each.day, now) for each in endings(written)):
        return manifest
    return replace(
        manifest,
        applications={key: _application(each, now) for key, each in manifest.applications.items()},
        enterprise_applications={
            key: _enterprise(each, now) for key, each in manifest.enterprise_applications.items()
        },
        assignments={place: _assignees(each, now) for place, each in manifest.assignments.items()},
        grants=tuple(_given(each, now) for each in manifest.grants),
        written=written,
    )


def since(manifest: Manifest, now: datetime) -> date | None:
    """Return the last day that is over, of all that a manifest says; None where nothing is over."""
    return max((each.day for each in endings(manifest) if over(each.day, now)), default=None)


def between(manifest: Manifest, one: datetime, other: datetime) -> tuple[Ending, ...]:
    """Return what is over at one of two instants and not at the other."""
    return tuple(each for each in endings(manifest) if over(each.day, one) != over(each.day, other))


def later(old: Manifest, new: Manifest) -> Iterator[tuple[Ending, date]]:
    """Yield each entry that ended and now ends later, with its day before; `date.max` is never."""
    before = {each.what: each.day for each in endings(old)}
    if not before:
        return
    after: dict[str, Ending] = {}
    for each in endings(new, every=True):
        if each.what in before and (each.what not in after or each.day > after[each.what].day):
            after[each.what] = each
    yield from ((each, before[what]) for what, each in after.items() if each.day > before[what])


def ending_soon(manifest: Manifest, now: datetime) -> Iterator[Ending]:
    """Yield each entry of a manifest that ends within two weeks."""
    return (each for each in endings(manifest) if soon(each.day, now))


def endings(manifest: Manifest, *, every: bool = False) -> Iterator[Ending]:
    """Yield each entry of a manifest that ends, in its order; `every`: those that never do too, on
    `date.max`.
    """
    manifest = manifest.written or manifest
    for key, application in manifest.applications.items():
        yield from _of_application(key, application, every=every)
    for (key, role), held in manifest.assignments.items():
        wording = f" holds {role} of {key}"
        for word, named in (
            ("user ", held.users),
            ("group ", held.groups),
            ("application ", held.applications),
        ):
            yield from _of_names(named, word, wording, every=every)
    for given in manifest.grants:
        for name in given.application if every else given.until:
            what = f"application {given.named.name} holds {name} of {given.resource}"
            until = given.until.get(name, Until(NEVER, given.position))
            yield Ending(until.day, what, until.position)
    for key, entries in manifest.acknowledged.items():
        for entry in entries:
            if entry.until is not None or every:
                yield Ending(
                    entry.until or NEVER,
                    f"what {entry.app_id} holds at {key} is acknowledged",
                    entry.position,
                )


def _of_application(key: str, application: Application, *, every: bool) -> Iterator[Ending]:
    yield from _of_names(application.owners or (), "", f" owns {key}", every=every)
    if application.enterprise is not None:
        yield from _of_names(
            application.enterprise.owners or (), "", f" owns {key} (enterprise application)", every=every
        )
    credentials: list[tuple[str, FederatedCredential | Certificate | DeclaredSecret]] = [
        *((f"federated credential {each.name}", each) for each in application.federated_credentials.values()),
        *((f"certificate {each.label}", each) for each in application.certificates or ()),
        *((f"certificate {each.label}", each) for each in application.generated.values()),
        *((f"secret {each.label}", each) for each in application.secrets.values()),
    ]
    for name, credential in credentials:
        if credential.until is not None or every:
            yield Ending(credential.until or NEVER, f"{name} of {key} signs in", credential.position)
    for permission in application.api_permissions.values():
        for kind, name in _consented(permission) if every else permission.until:
            until = permission.until.get((kind, name), Until(NEVER, permission.position))
            what = f"{key} has consent to {name} of {permission.resource}"
            yield Ending(until.day, what, until.position)


def _consented(permission: ApiPermission) -> Iterator[tuple[str, str]]:
    yield from (("delegated", name) for name in sorted(permission.delegated_consent or ()))
    yield from (("application", name) for name in sorted(permission.application_consent or ()))


def _of_names(named: Iterable[Named], word: str, wording: str, *, every: bool) -> Iterator[Ending]:
    for each in named:
        if each.until is not None or every:
            who = Person(f"{word}{each.name}", each.id or "") if "@" in each.name else f"{word}{each.name}"
            yield Ending(each.until or NEVER, Phrase.of(who, wording), each.position)


def _left(named: tuple[Named, ...], now: datetime) -> tuple[Named, ...]:
    return tuple(each for each in named if not over(each.until, now))


def _assignees(held: RoleAssignees, now: datetime) -> RoleAssignees:
    ended = (
        *(("user", each) for each in held.users if over(each.until, now)),
        *(("group", each) for each in held.groups if over(each.until, now)),
    )
    return replace(
        held,
        users=_left(held.users, now),
        groups=_left(held.groups, now),
        service_principals=(None if held.service_principals is None else _left(held.service_principals, now)),
        ended=ended if held.additive else (),
    )


def _given(given: Given, now: datetime) -> Given:
    ended = [name for name in given.application if name in given.until and over(given.until[name].day, now)]
    left = tuple(name for name in given.application if name not in ended)
    return replace(given, application=left, absent=(*given.absent, *ended))


def _application(application: Application, now: datetime) -> Application:
    return replace(
        application,
        api_permissions={key: _permission(each, now) for key, each in application.api_permissions.items()},
        federated_credentials={
            name: each
            for name, each in application.federated_credentials.items()
            if not over(each.until, now)
        },
        certificates=(
            None
            if application.certificates is None
            else tuple(each for each in application.certificates if not over(each.until, now))
        ),
        generated={label: each for label, each in application.generated.items() if not over(each.until, now)},
        secrets={label: each for label, each in application.secrets.items() if not over(each.until, now)},
        owners=None if application.owners is None else _left(application.owners, now),
        enterprise=None if application.enterprise is None else _enterprise(application.enterprise, now),
    )


def _enterprise(enterprise: EnterpriseApplication, now: datetime) -> EnterpriseApplication:
    return replace(enterprise, owners=None if enterprise.owners is None else _left(enterprise.owners, now))


def _permission(permission: ApiPermission, now: datetime) -> ApiPermission:
    ended = {place for place, until in permission.until.items() if over(until.day, now)}
    if not ended:
        return permission
    delegated, application = permission.delegated_consent, permission.application_consent
    return replace(
        permission,
        delegated_consent=(
            None if delegated is None else frozenset(n for n in delegated if ("delegated", n) not in ended)
        ),
        application_consent=(
            None
            if application is None
            else frozenset(n for n in application if ("application", n) not in ended)
        ),
    )
