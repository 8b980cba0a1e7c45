"""Lock files: names of one environment's tenant → ids that decide, read and written in a stable order."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from entra_config.characters import invisible
from entra_config.errors import ManifestError, Position
from entra_config.files import write_source
from entra_config.manifest.environments import lock_comments
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.fields.binder import bind
from entra_config.manifest.fields.field import Record
from entra_config.manifest.fields.lock_records import LOCK, PINNED_APPLICATION, PINS
from entra_config.manifest.reading import characters, yaml
from entra_config.manifest.reading.node import Entry, Map, Node, to_data
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.reading.reader import Reader

_NOUNS = {
    "users": "user",
    "groups": "group",
    "servicePrincipals": "service principal",
    "applications": "application",
}
LARGEST = 2_000_000  # as any file of a manifest
_NOTE = re.compile(r'^ +appId: "?([0-9a-fA-F-]{36})"? +# ([ -~]{1,200})$', re.MULTILINE)
_SUFFIX = ".lock.yaml"
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9@._-]*( [A-Za-z0-9@._-]+)*")


def path_of(root: Path, environment: str, tenant: str = "") -> Path:
    """Return where the lock file of an environment stands, or of one tenant of a fleet's: beside the root
    file.
    """
    if tenant:
        return folder_of(root, environment) / f"{tenant}{_SUFFIX}"
    return root.with_name(f"{root.stem}.{environment}.lock.yaml")


def folder_of(root: Path, environment: str) -> Path:
    """Return the folder of the lock files of a fleet's environment, one for each of its tenants."""
    return root.parent / "locks" / environment


def of_fleet(root: Path, environment: str) -> dict[Path, tuple[str, str]]:
    """Return the lock files of a fleet's environment that are there, each with the environment and the
    tenant.
    """
    there = sorted(folder_of(root, environment).glob(f"*{_SUFFIX}"))
    return {path: (environment, path.name.removesuffix(_SUFFIX)) for path in there}


def read(path: Path, problems: Problems) -> Lock:
    """Read a lock file; an absent one is empty."""
    try:
        data = _bytes(path)
    except FileNotFoundError:
        return Lock()
    except (OSError, ValueError) as error:
        # What it says is not quoted: a link may lead to what nobody should see in a log.
        problems.add(Position(str(path), 1), f"cannot be read: {getattr(error, 'strerror', None) or error}")
        return Lock()
    return _parse(data, str(path), problems)


def read_valid(path: Path) -> Lock:
    """Read a lock file; ManifestError with all that is wrong in it."""
    problems = Problems()
    found = read(path, problems)
    problems.finish()
    return found


def parse(data: bytes, name: str) -> Lock:
    """Read the content of a lock file; ManifestError with all that is wrong in it, which calls it `name`."""
    problems = Problems()
    found = _parse(data, name, problems)
    problems.finish()
    return found


def _parse(data: bytes, name: str, problems: Problems) -> Lock:
    try:
        text = characters.decoded(data, name)
        node = yaml.read(text, name)
    except ManifestError as error:
        problems.extend(error)
        return Lock()
    return _lock(node, Reader(problems), dict(_NOTE.findall(text))) if node is not None else Lock()


def _bytes(path: Path) -> bytes:
    """Return what a lock file holds; a link, a device, a pipe or more than a lock file can need is refused
    unread.
    """
    if path.is_symlink():
        raise ValueError("a lock file is no link")
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(number, "rb") as file:
        if not stat.S_ISREG(os.fstat(number).st_mode):
            raise ValueError("not a file")
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise ValueError(f"larger than {LARGEST} bytes")
    return content


def save(path: Path, lock: Lock, environment: str, tenant: str = "") -> None:
    """Write a lock file with the comments that it had; OSError where it is a link."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.is_file() and not path.is_symlink() else ""
    write_source(path, write(lock, environment, tenant, before=before))


def write(lock: Lock, environment: str, tenant: str = "", *, before: str = "") -> str:
    """Return the text of a lock file, of one tenant where the environment is of a fleet, with the comments of
    its text before.
    """
    chosen = environment + (f" --tenant {tenant}" if tenant else "")
    lines = [
        (
            f"# Written by `entra-config lock -e {chosen}`. The ids decide, whoever bears the "
            "names: review changes like code."
        ),
        f"tenantId: {_format_scalar(lock.tenant_id)}",
    ]
    for section, pins in (
        ("users", lock.users),
        ("groups", lock.groups),
        ("servicePrincipals", lock.service_principals),
    ):
        if pins:
            lines.append(f"{section}:")
            lines += [line for name, pin in sorted(pins.items()) for line in _pin_lines(name, pin)]
    if lock.applications:
        lines.append("applications:")
        for key, pinned in sorted(lock.applications.items()):
            lines += (
                [f"  {_format_scalar(key)}:", *_application_lines(pinned)]
                if pinned != PinnedApplication()
                else []
            )
    if lock.rejected:
        lines.append("rejected:")
        lines += [f"  - {_format_scalar(app_id)}" for app_id in sorted(lock.rejected)]
    text = "\n".join(lines) + "\n"
    return lock_comments.carry(before, text) if before else text


def _pin_lines(name: str, pin: Pin) -> Iterator[str]:
    # Names are texts of the tenant.
    if not (pin.was or pin.organization):
        yield f"  {_quote(name)}: {_format_scalar(pin.id)}"
        return
    yield f"  {_quote(name)}:"
    yield f"    id: {_format_scalar(pin.id)}"
    if pin.was:
        yield f"    was: {_quote(pin.was)}"
    if pin.organization:
        yield f"    organization: {_format_scalar(pin.organization)}"


def _application_lines(pinned: PinnedApplication) -> Iterator[str]:
    if pinned.app_id:
        note = "".join(char for char in pinned.note if " " <= char <= "~")[:200]
        yield f"    appId: {_format_scalar(pinned.app_id)}" + (f"  # {note}" if note else "")
    if pinned.was:
        yield f"    was: {_format_scalar(pinned.was)}"
    for name, ids in (("owners", pinned.owners), ("keyIds", pinned.key_ids)):
        if ids:
            yield f"    {name}:"
            yield from (f"      - {_format_scalar(item)}" for item in sorted(ids))
    if pinned.secrets:
        yield "    secrets:"
        for label, key_ids in sorted(pinned.secrets):
            yield f"      {_format_scalar(label)}: [{', '.join(map(_format_scalar, sorted(key_ids)))}]"


def _format_scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and yaml.is_text(text) else _quote(text)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(f"\\U{ord(c):08x}" if invisible(c) else c for c in escaped) + '"'


def _lock(node: Node, reader: Reader, notes: Mapping[str, str]) -> Lock:
    document = bind(node, "a lock file", LOCK, reader)
    for section in _NOUNS:
        _check_case(document[section].entries, section, reader.problems)
    users, groups, principals = (
        {name: _pin(name, entry, record, reader) for name, entry in document[section].entries.items()}
        for section, record in PINS.items()
    )
    entries = document["applications"].entries
    applications = {key: _application(key, entry, notes, reader) for key, entry in entries.items()}
    _check_app_ids(entries, applications, reader.problems)
    return Lock(document["tenantId"] or "", users, groups, principals, applications, document["rejected"])


def _application(key: str, entry: Entry, notes: Mapping[str, str], reader: Reader) -> PinnedApplication:
    pinned = bind(entry.node, key, PINNED_APPLICATION, reader, noun=f"`{key}` in a lock file")
    labels = (
        (label, _ids(secret.node, label, reader)) for label, secret in pinned["secrets"].entries.items()
    )
    secrets = tuple(sorted((label, ids) for label, ids in labels if ids))
    return pinned.make(PinnedApplication, note=notes.get(pinned["appId"] or "", ""), secrets=secrets)


def _pin(name: str, entry: Entry, record: Record, reader: Reader) -> Pin:
    id_ = entry.node.node("id") if isinstance(entry.node, Map) else entry.node
    if id_ is None or to_data(id_) is None:
        reader.problems.add(entry.position, f"`{name}` in a lock file needs an id")
    if not isinstance(entry.node, Map):
        return Pin(reader.guid(entry.node, name) or "")
    fields = bind(entry.node, name, record, reader, noun=f"`{name}` in a lock file")
    return fields.make(Pin, id=fields["id"] or "")


def _check_case(entries: Mapping[str, Entry], section: str, problems: Problems) -> None:
    """Note each name that stands twice but for its case: the tenant finds the same by both, and only one
    would decide.
    """
    first: dict[str, Entry] = {}
    for name, entry in entries.items():
        other = first.setdefault(name.casefold(), entry)
        if other is not entry:
            reported = "UPNs have no case" if section == "users" else "names are found whatever their case"
            problems.add(
                entry.position,
                f"`{name}` is the {_NOUNS[section]} `{other.key}` at {other.position}: {reported}",
            )


def _check_app_ids(
    entries: Mapping[str, Entry], applications: Mapping[str, PinnedApplication], problems: Problems
) -> None:
    """Note each appId that stands under two keys: what one accepts of it would count for the other."""
    first: dict[str, str] = {}
    for key, pinned in applications.items():
        other = first.setdefault(pinned.app_id, key) if pinned.app_id else key
        if other != key:
            where = entries[other].position
            problems.add(
                entries[key].position,
                f"`{key}` is pinned to {pinned.app_id}, and so is `{other}` at {where}: it is one of them",
            )


def _ids(node: Node, label: str, reader: Reader) -> tuple[str, ...]:
    return tuple(found for item in reader.items(node, label) if (found := reader.guid(item, label)))
