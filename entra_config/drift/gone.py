"""Our applications that were deleted: what was lost by it, and which findings are only parts of that one.

An object takes its assignments, consents, owners and credentials with it, so they are no findings of their
own. Plan restores a deleted application. One that is deleted for good it creates again with another appId:
then each reference to the former appId differs too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from entra_config.drift.audit import Event
from entra_config.drift.model import Finding
from entra_config.kinds.base import application_address
from entra_config.kinds.directory import Directory
from entra_config.kinds.enterprise_application import EnterpriseApplicationKind
from entra_config.kinds.table import OBJECTS, TRACES
from entra_config.kinds.trace import ConsentTrace, Link, Part
from entra_config.manifest.model import Manifest
from entra_config.phrase import Phrase
from entra_config.plan.model import Change, Create
from entra_config.resource import Ref, Resource

ADDED, DELETED, REMOVED = "Add application", "Delete application", "Remove service principal"


@dataclass(frozen=True, slots=True)
class Purged:
    """An application of ours that is deleted for good; ids are empty if no record shows them."""

    id: str
    app_id: str


def find_missing_pins(manifest: Manifest, directory: Directory) -> dict[str, str]:
    """Return the appIds, by key, that the lock file pins and the tenant does not have, live or deleted: also
    if another application has the tags of that key, which alone prove nothing.
    """
    return {
        key: str(application.app_id)
        for key, application in manifest.applications.items()
        if application.locked
        and key not in directory.vouched
        and _app_id(directory, key) != application.app_id
    }


def find_impostors(keys: Iterable[str], directory: Directory) -> frozenset[str]:
    """Return the appIds of the applications that have the tags of keys whose pinned application is gone."""
    return frozenset(_app_id(directory, key) for key in keys) - {""}


def _app_id(directory: Directory, key: str) -> str:
    live = directory.live.get(key)
    return str(((live.subject.application if live is not None else None) or {}).get("appId", ""))


def identify_by_pin(app_id: str, records: Sequence[Event]) -> Purged:
    """Return a pinned application, with its object id if a record shows it."""
    return Purged(_find_object(app_id, records), app_id)


def _find_object(app_id: str, records: Sequence[Event]) -> str:
    """Return the object id of an application: by the record of its creation, or of its deletion, which is of
    one call with that of its service principal.
    """
    calls = {event.correlation for event in records if _names_principal(event, app_id)} - {""}
    found = {
        event.targets[0]
        for event in records
        if event.targets
        and (
            (event.activity == ADDED and app_id in _read_texts(event.new.get("AppId")))
            or (event.activity == DELETED and event.correlation in calls)
        )
    }
    return found.pop() if len(found) == 1 else ""


def identify_by_records(id_: str, records: Sequence[Event]) -> Purged:
    """Return an application that only records identify, with its appId if a record shows it."""
    found = {
        app_id
        for event in records
        if event.activity == ADDED and event.targets[:1] == (id_,)
        for app_id in _read_texts(event.new.get("AppId"))
    }
    return Purged(id_, found.pop() if len(found) == 1 else "")


def find_purged_principals(changes: Iterable[Change], directory: Directory) -> dict[str, str]:
    """Return the appIds, by key, of applications whose service principal plan creates."""
    keys = {
        each.after.address.key for each in changes if isinstance(each, Create) and _is_enterprise(each.after)
    }
    return {key: app_id for key in sorted(keys) if (app_id := _app_id(directory, key))}


def find_deleted_principal(app_id: str, records: Sequence[Event]) -> str:
    """Return the service principal of an application that was deleted last; empty if no record shows one."""
    found = (event.targets[0] for event in records if event.targets and _names_principal(event, app_id))
    return next(found, "")


def _names_principal(event: Event, app_id: str) -> bool:
    names = event.fact("TargetId.ServicePrincipalNames").split(";")
    return event.activity == REMOVED and app_id in names


def _read_texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def drop_parts(
    findings: Sequence[Finding],
    former: Mapping[str, Purged],
    principals: Mapping[str, str],
    manifest: Manifest,
) -> Iterator[Finding]:
    """Yield the findings without those that are part of a deleted application or service principal of ours;
    each deletion names what was lost by it. `former` and `principals` are those that are deleted for good.
    """
    whole = [each for each in findings if each.sign == "removed" and not each.path and _is_object(each)]
    applications = {each.address.key for each in whole if not _is_enterprise(each)}
    keys = {each.address.key for each in whole}
    former_ids = {former[key].app_id for key in applications & former.keys()} - {""}
    refs = {str(Ref(application_address(key), "appId")) for key in applications}
    for finding in findings:
        key = finding.address.key
        if finding not in whole:
            is_part = finding.about & keys and _lacks_an_end(finding)
            if not is_part and not _list_references(finding) & (former_ids | refs):
                yield finding
        elif not _is_enterprise(finding):
            yield _describe_deletion(finding, former[key].id if key in former else "", manifest)
        elif key not in applications:
            yield _describe_deletion(finding, principals.get(key, ""), manifest)


def _describe_deletion(finding: Finding, id_: str, manifest: Manifest) -> Finding:
    if id_ and "object" not in finding.ends:
        finding = replace(finding, ends={"object": id_}, subjects=(id_,))
    return replace(
        finding, sentence=Phrase.of(finding.sentence, _format_losses(finding.address.key, manifest))
    )


def _is_object(finding: Finding) -> bool:
    return finding.address.kind in OBJECTS


def _is_enterprise(each: Finding | Resource) -> bool:
    return each.address.kind == EnterpriseApplicationKind.name


def _lacks_an_end(finding: Finding) -> bool:
    """Return True if one of the objects that a link or part belongs to does not exist."""
    match TRACES[finding.address.kind].reported if finding.address.kind in TRACES else None:
        case Link(ends=ends):
            return not all(finding.ends.get(name) for name in ends)
        case ConsentTrace():
            return not all(finding.ends.get(name) for name in ("resource", "client"))
        case Part(element=element):
            return not all(finding.ends.get(name) for name in ("object", element or "object"))
        case _:
            return False


def _list_references(finding: Finding) -> set[str]:
    """Return what an entry names, and the applications that it is about."""
    entry = finding.element if isinstance(finding.element, tuple) else (finding.element,)
    return {*map(str, entry), *finding.about, *finding.ends.values()}


def _format_losses(key: str, manifest: Manifest) -> str:
    application = manifest.applications.get(key)
    roles = [each.role for each in manifest.assigned(key).values() if any(who for _, who in each.by_type)]
    apis = application.api_permissions if application is not None else ()
    losses = (
        format_losses_of_clients(key, manifest),
        f"holders lost {', '.join(sorted(roles))}" if roles else "",
        f"it lost what {', '.join(sorted(apis))} granted" if apis else "",
    )
    return f": {'; '.join(filter(None, losses))}" if any(losses) else ""


def format_losses_of_clients(key: str, manifest: Manifest) -> str:
    """Return which clients lost what an API granted; empty if it has no client."""
    clients = [each.key for each in manifest.applications.values() if key in each.api_permissions]
    clients += [given.named.name for given in manifest.grants if given.resource == key]
    return f"{', '.join(dict.fromkeys(clients))} lost what it granted" if clients else ""
