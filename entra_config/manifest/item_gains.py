"""A manifest as it was and as it is in, for one environment; what items of lists give that nobody had before,
item by item, out.

A line that adds an item to a list may make many applications. So each of them, and each role, consent, owner,
host and credential that comes with them, is a line of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from entra_config.errors import Item, Position
from entra_config.manifest.model import Application, Manifest, Named
from entra_config.manifest.parts import ApiPermission
from entra_config.phrase import Person, Phrase, quote_name
from entra_config.uris import host

Gain = tuple[str, str]  # what is counted, and the line
_COUNTED: Mapping[str, tuple[str, str]] = {
    "application": ("application", "applications"),
    "role": ("role given", "roles given"),
    "consent": ("consent", "consents"),
    "owner": ("owner", "owners"),
    "host": ("redirect host", "redirect hosts"),
    "sign-in": ("way to sign in as an application", "ways to sign in as an application"),
}


def gains(old: Manifest, new: Manifest) -> Iterator[tuple[str, Position]]:
    """Yield a summary for each item that gives something new, followed by a line for each gain."""
    known = {gain for gain, _ in _every(old)}
    keys = {*old.applications, *old.enterprise_applications}
    by_item: dict[Item, dict[Gain, Position]] = {}
    for gain, position in _every(new):
        if gain not in known and position is not None and position.item.name:
            by_item.setdefault(position.item, {}).setdefault(gain, position)
    for item, found in sorted(by_item.items()):
        counts = {kind: sum(each == kind for each, _ in found) for kind in _COUNTED}
        parts = [f"{count} {_COUNTED[kind][count > 1]}" for kind, count in counts.items() if count]
        added = "changed" if keys & _keys(new, item) else "added"
        where = Position(item.file, item.line, item.column)
        yield f"1 item {added} ({item.name}): {', '.join(parts)}", where
        yield from ((text, position) for (_, text), position in found.items())


def _keys(manifest: Manifest, item: Item) -> set[str]:
    """Return the keys of the applications that an item makes."""
    places = {key: each.position for key, each in manifest.applications.items()}
    places |= {key: each.position for key, each in manifest.enterprise_applications.items()}
    return {key for key, position in places.items() if position is not None and position.item == item}


def _every(manifest: Manifest) -> Iterator[tuple[Gain, Position | None]]:
    """Yield what a manifest gives, with the place that says so."""
    for application in manifest.applications.values():
        yield ("application", f"application {application.key}"), application.position
        yield from _application(application)
        yield from _sign_ins(application)
    for key, other in manifest.enterprise_applications.items():
        yield ("application", f"enterprise application {key}"), other.position
    for (key, role), holders in manifest.assignments.items():
        for _, several in holders.by_type:
            for named in several:
                yield ("role", Phrase.of(_named(named), f" has {role} of {key}")), named.position
    for given in manifest.grants:
        for role in given.application:
            text = Phrase.of(_named(given.named), f" has {role} of {given.resource}")
            yield ("role", text), given.position


def _application(application: Application) -> Iterator[tuple[Gain, Position | None]]:
    key = application.key
    for permission in application.api_permissions.values():
        yield from _consents(key, permission)
    for client, scopes in (
        *application.authorized_clients.items(),
        *application.external_authorized_clients.items(),
    ):
        for scope in scopes:
            yield ("consent", f"{client} needs no consent to {scope} of {key}"), application.position
    for owner in application.owners or ():
        yield ("owner", Phrase.of(_named(owner), f" owns {key}")), owner.position


def _sign_ins(application: Application) -> Iterator[tuple[Gain, Position | None]]:
    """Yield what may sign in as an application, and the hosts that receive sign-ins of people."""
    key = application.key
    for path, setting in application.settings.items():
        uris = setting.value if path.endswith(".redirectUris") else ()
        for uri in sorted(map(str, uris)) if isinstance(uris, Collection) else ():
            receiver = host(uri) or uri
            yield ("host", f"{receiver} receives the sign-ins of {key}"), setting.position
    for credential in application.federated_credentials.values():
        who = credential.subject or credential.expression
        yield (
            ("sign-in", f"{who} of {credential.issuer} may sign in as {key}"),
            credential.position,
        )
    for secret in application.rotating.values():
        yield ("sign-in", f"{secret.type} in sink {secret.sink} may sign in as {key}"), secret.position
    for certificate in application.certificates or ():
        yield (
            ("sign-in", f"certificate {certificate.thumbprint} may sign in as {key}"),
            certificate.position,
        )


def _consents(key: str, permission: ApiPermission) -> Iterator[tuple[Gain, Position | None]]:
    for kind, consented in (
        ("for everybody", permission.delegated_consent),
        ("as itself", permission.application_consent),
    ):
        for name in sorted(consented or ()):
            yield ("consent", f"{key} has {name} of {permission.resource} {kind}"), permission.position


def _named(named: Named) -> str | Person:
    """Return who it is, as reports show people or not."""
    return Person(quote_name(named.name), named.id or "") if "@" in named.name else quote_name(named.name)
