"""Live applications in; which of them are doubted, why, and what a person can do about it, out.

proof that an object is ours                                                  holds for
its appId is pinned for its key, in the manifest or the lock file             an object of that key
an answer to a POST of this very run had its id                               the same run
a deployer application made it, and its uniqueName is of this owner's series  what is immutable: marks are not

doubted is an application that                                            where
has an undeclared owner, secret, certificate or federated credential      everywhere,
unless this plan removes it
has such a thing, or is disabled undeclared, and its service principal is everywhere,
deleted: then it stays deleted, with its roles and consents         even if this plan removes it
has none of the proofs                                                    a protected environment
has none of the proofs, and this plan removes such a thing: a token may outlive it everywhere,
until a later plan finds it gone

A doubted client is granted nothing new; a doubted API of which strangers hold a role gets no new holder or
client.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from entra_config.kinds import external_holders, secret_names
from entra_config.kinds.base import ignored
from entra_config.kinds.certificate_names import format_end_of
from entra_config.kinds.details import ENTERPRISE_OWNERS, HOLDERS, OWNERS
from entra_config.kinds.directory import Directory, Live
from entra_config.kinds.graph_values import thumbprint
from entra_config.kinds.table import sign_ins
from entra_config.manifest.model import Application, Manifest
from entra_config.phrase import Person, Phrase, quote_name
from entra_config.plan.model import Watched

DISABLED = "isDisabled"  # of a registration: in every tenant nobody signs in as it or to it


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why an application is granted nothing new. `external` hold a role of it, and no manifest says so."""

    key: str
    why: str
    remedy: str
    external: tuple[str, ...] = ()


def watched(manifest: Manifest, directory: Directory) -> dict[str, tuple[Watched, ...]]:
    """Return, for each application that has any, its undeclared owners and credentials, those that the
    plan removes too.
    """
    found: dict[str, tuple[Watched, ...]] = {}
    for key, application in manifest.applications.items():
        live = directory.live.get(key)
        if live is None:
            continue
        if undeclared := tuple(dict.fromkeys(_undeclared(manifest, application, live, directory))):
            found[key] = undeclared
    return found


def disabled(application: Application, live: Live) -> tuple[Watched, ...]:
    """Return that the registration is disabled although the manifest does not declare it, if it is."""
    body = live.subject.application or {}
    if body.get(DISABLED) is not True or DISABLED in application.settings:
        return ()
    return (Watched("setting", f"{DISABLED}: true", DISABLED, DISABLED, (str(body["id"]),), live=True),)


def doubts(manifest: Manifest, directory: Directory) -> dict[str, Doubt]:
    """Return the doubted applications."""
    undeclared = watched(manifest, directory)
    found: dict[str, Doubt] = {}
    for key in manifest.applications:
        live = directory.live.get(key)
        if live is None or live.subject.application is None:
            continue
        vouched, parked = key in directory.vouched, live.subject.parked
        counted = [each for each in undeclared.get(key, ()) if parked or not (each.going and vouched)]
        counted += disabled(manifest.applications[key], live) if parked else ()
        if counted or (manifest.protected and not vouched):
            holding = tuple(_external(manifest, directory, live))
            unproven = not vouched and (manifest.protected or any(each.going for each in counted))
            found[key] = Doubt(
                key, _why(counted, unproven=unproven), _remedy(manifest, live, counted), holding
            )
    return found


def kept_deleted(directory: Directory, doubts: Mapping[str, Doubt]) -> frozenset[str]:
    """Return the keys whose service principal stays deleted: with it, its roles and consents would come back
    to whoever can act as the application.
    """
    return frozenset(key for key in doubts if directory.live[key].subject.parked)


UNPROVEN = "nothing proves that it is ours"


def _why(counted: list[Watched], *, unproven: bool) -> str:
    both: dict[tuple[str, str], list[Watched]] = {}
    for each in counted:
        both.setdefault((each.path, each.key), []).append(each)
    reported: list[str] = []
    for entries in both.values():
        where = entries[0].noun if len(entries) == 1 else f"{entries[0].noun} of both its objects"
        reported.append(
            Phrase.of(f"{where} ", entries[0].label, ", which this plan removes" if entries[0].going else "")
        )
    return Phrase.joined(", ", [*reported, *([UNPROVEN] if unproven else [])])


def _remedy(manifest: Manifest, live: Live, counted: list[Watched]) -> str:
    app_id = live.subject.application["appId"] if live.subject.application else ""
    lock = f"`entra-config lock {manifest.chosen}"
    accept = f"look, then {lock} --accept {live.subject.key}={app_id}`"
    if any(each.path == DISABLED for each in counted):
        enable = f"`entra-config enable {live.subject.key}`, or declare it"
        return enable if len(counted) == 1 else f"{enable}; remove or declare the rest, or {accept}"
    if counted and all(each.going for each in counted):
        ways = (
            "apply again: it is removed, and restored once it is gone"
            if live.subject.parked
            else "plan again once it is gone"
        )
        return f"{ways}, or {accept}"
    if counted:
        return f"remove it, declare it, or {accept}"
    return f"{accept}, or `--reject {app_id}`"


def _external(manifest: Manifest, directory: Directory, live: Live) -> Iterator[str]:
    """Yield who holds a role and is neither ours nor somebody whom a manifest or lock file says by his id."""
    vetted = external_holders.vetted(manifest, directory, live.subject.key)
    ours = {
        each.subject.service_principal["id"]
        for each in directory.live.values()
        if each.subject.service_principal
    }
    for row in live.rows(HOLDERS):
        if row.by_service_principal and row.principal not in ours and (row.role, row.principal) not in vetted:
            yield quote_name(row.principal_name)


def _undeclared(
    manifest: Manifest, application: Application, live: Live, directory: Directory
) -> Iterator[Watched]:
    bodies = [body for body in (live.subject.application, live.subject.service_principal) if body is not None]
    subjects = tuple(str(body["id"]) for body in bodies)
    accepted = manifest.accepted_of((live.subject.application or {}).get("appId"))
    trusted = {*accepted, *directory.vetted, *declared_owners(application, directory)}
    enterprise = application.enterprise
    owned = application.owners is not None and not ignored(application, "owners")
    for detail, noun, owned_id, going in (
        (OWNERS, "owner", subjects[0], owned),
        (
            ENTERPRISE_OWNERS,
            "owner of the enterprise application",
            subjects[-1],
            enterprise is not None and enterprise.owners is not None,
        ),
    ):
        for owner in live.rows(detail):
            if owner.id not in trusted:
                person = owner.type == "user"
                label = Phrase.of(Person(owner.called, owner.id)) if person else directory.owner(owner)
                ends = {"object": owned_id, "owner": owner.id}
                yield Watched(noun, label, owner.id, "owners", (*subjects, owner.id), going=going, ends=ends)
    yield from _credentials(application, bodies, subjects, accepted)
    yield from _federated(application, live, subjects, accepted)


def _credentials(
    application: Application,
    bodies: list[Mapping[str, Any]],
    subjects: tuple[str, ...],
    accepted: frozenset[str],
) -> Iterator[Watched]:
    certificates = {certificate.thumbprint.upper() for certificate in application.certificates or ()}
    kept = application.certificates is not None and not ignored(application, "keyCredentials")
    for number, body in enumerate(bodies):
        for secret in body.get("passwordCredentials") or ():
            if secret["keyId"] not in accepted:
                yield _credential(
                    "secret", secret, _hint(secret), "passwordCredentials", subjects, going=False
                )
        for key in body.get("keyCredentials") or ():
            print_ = thumbprint(key)
            declared = print_ in certificates
            if not declared and key["keyId"] not in accepted:
                # Those of a service principal are never written; what a rotation may have made stays.
                going = kept and number == 0 and not secret_names.generated(application, key)
                detail = f", thumbprint {print_}"
                yield _credential("certificate", key, detail, "keyCredentials", subjects, going=going)


def _federated(
    application: Application, live: Live, subjects: tuple[str, ...], accepted: frozenset[str]
) -> Iterator[Watched]:
    declared = {
        (each.name, each.issuer, each.subject or None, each.expression, each.audience)
        for each in application.federated_credentials.values()
    }
    for listed, entry in sign_ins(live):
        said = (entry.name, entry.issuer, entry.subject or None, entry.expression)
        is_declared = any((*said, audience) in declared for audience in entry.audiences)
        if not is_declared and entry.id not in accepted:
            label = f"{entry.name} ({entry.issuer} {entry.whose})"
            going = not ignored(application, listed.path)
            ends = {"object": subjects[0], "credential": entry.id}
            yield Watched(
                "federated credential", label, entry.id, listed.path, subjects, going=going, ends=ends
            )


def _hint(secret: Mapping[str, Any]) -> str:
    """Return the characters that Graph shows of a secret's value."""
    return f", hint {secret['hint']}" if secret.get("hint") else ""


def _credential(
    noun: str, entry: Mapping[str, Any], detail: str, path: str, subjects: tuple[str, ...], *, going: bool
) -> Watched:
    made = secret_names.parse(entry.get("displayName"))
    left = f", of a rotation of {made.label}: an orphan, or not in the lock file yet" if made else ""
    label = f"{entry.get('displayName') or entry['keyId']} ({format_end_of(entry)}{left})"
    ends = dict(zip(("object", "principalObject"), subjects, strict=False))
    return Watched(noun, label, entry["keyId"], path, subjects, going=going, ends=ends, detail=detail)


def declared_owners(application: Application, directory: Directory) -> Iterator[str]:
    """Yield the ids of the owners that the manifest declares and the tenant has, of both objects; of pins
    what the lock says.
    """
    enterprise = (application.enterprise.owners or ()) if application.enterprise else ()
    for named in (*(application.owners or ()), *enterprise):
        for type_ in ("user", "servicePrincipal", "group"):
            who = directory.principal(type_, named)
            if who is not None and who.id not in directory.unsaid:
                yield who.id
