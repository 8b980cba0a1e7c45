"""Write down what a run creates and renames, as pins of the lock file and as a document for another job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config import characters
from entra_config.errors import ManifestError, UsageError
from entra_config.moments import parse_moment

if TYPE_CHECKING:
    from entra_config.apply.events import Event
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.model import Manifest
    from entra_config.pinning.document import (
        MadeApplication,
        PinsDocument,
        RenamedApplication,
    )
    from entra_config.resource import Address, Ref


@dataclass(slots=True)
class Pins:
    """Writes down each application as soon as its POST is answered, and each rename as soon as the new key is
    written on its application: what this run did, and nothing that it found.
    """

    manifest: Manifest
    maker: str
    say: Callable[[str], None]
    lock: bool
    file: Path | None = None
    made: dict[str, MadeApplication] = field(default_factory=dict)
    renamed: dict[str, RenamedApplication] = field(default_factory=dict)
    _ids: set[str] = field(default_factory=set)

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of the objects that this run made."""
        return frozenset(self._ids)

    def begin(self) -> None:
        """Write the document as it is before anything is made, so that it is never an older run's."""
        if self.file is not None:
            self._write_document(self.file)

    def __call__(self, event: Event) -> None:
        """Note what a done step made or renamed."""
        from entra_config.apply.events import StepDone
        from entra_config.kinds.base import KEY_TAG, is_application

        if not isinstance(event, StepDone):
            return
        for ref, id_ in event.produced.items():
            if is_application(ref.address) and ref.attribute == "id":
                self._ids.add(id_)
            if is_application(ref.address) and ref.attribute == "appId":
                self._note_creation(ref.address, id_, event.produced)
        body, address = event.step.request.body, event.step.of
        if (
            address is not None
            and isinstance(body, dict)
            and f"{KEY_TAG}{address.key}" in body.get("tags", ())
        ):
            self._note_rename(address.key)

    def finish(self) -> None:
        """Note each rename that is applied, also by an earlier run that ended before it was noted."""
        for key in self.manifest.applications:
            self._note_rename(key)

    def _note_creation(self, address: Address, app_id: str, answer: Mapping[Ref, str]) -> None:
        from entra_config.pinning.document import MadeApplication
        from entra_config.resource import Ref

        key = address.key
        # The POST answers fractions of a second, which later reads do not have.
        created = parse_moment(answer[Ref(address, "createdDateTime")])
        self.made[key] = MadeApplication(
            key=key,
            app_id=app_id,
            created_date_time=created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            created_by_app_id=self.maker or None,
            replaces=self.manifest.pinned.get(key),
        )
        self._write(key, lambda held: _with_created(held, self.made[key]))

    def _note_rename(self, key: str) -> None:
        from entra_config.pinning.document import RenamedApplication

        application = self.manifest.applications.get(key)
        former = application.previously if application is not None else None
        if application is None or former is None or key in self.renamed:
            return
        if key in self.made:
            # What was pinned for the former key is gone, and this run created another one.
            return
        if application.app_id is None or self.manifest.pinned.get(former) != application.app_id:
            return
        entry = RenamedApplication(key=key, previously=former, app_id=application.app_id)
        self.renamed[key] = entry
        self._write(key, lambda held: _with_renamed(held, entry))

    def _write(self, key: str, edit: Callable[[Lock], Lock]) -> None:
        if self.file is not None:
            self._write_document(self.file)
        if not self.lock:
            return
        try:
            edit_lock_file(self.manifest, edit)
        except (OSError, ManifestError, UsageError) as error:
            from entra_config.manifest import loader

            path, reason = loader.pins_path(self.manifest), characters.printed(str(error))
            self.say(f"{path}: {key} is not pinned there: {reason}")

    def _write_document(self, path: Path) -> None:
        from entra_config.pinning import document

        document.write(path, self.manifest, [*self.made.values()], [], [*self.renamed.values()])


def edit_lock_file(manifest: Manifest, edit: Callable[[Lock], Lock]) -> Path:
    """Edit the lock file of an environment, or of a tenant of a fleet; return where it is."""
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock

    path = loader.pins_path(manifest)
    changed = replace(edit(lock.read_valid(path)), tenant_id=manifest.tenant_id)
    lock.save(path, changed, manifest.environment, manifest.fleet_tenant)
    return path


def take(
    path: Path, document: PinsDocument, manifest: Manifest, say: Callable[[str], None]
) -> tuple[Path, Lock, Lock]:
    """Return the lock file of an environment, its content, and its content with the pins of a document, which
    was read from `path`.
    """
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock

    for what, value, is_ in (
        ("project", document.project, manifest.project),
        ("environment", document.environment, manifest.environment),
        ("tenant", document.tenant_id, manifest.tenant_id),
    ):
        if value != is_:
            raise UsageError(f"{path}: made for {what} {value}, and this is {what} {is_}")
    file = loader.pins_path(manifest)
    old = lock.read_valid(file)
    new = _with_applications(path, document, manifest, old, say)
    return file, old, _with_secrets(path, document, manifest, new, say)


def _with_applications(
    path: Path, document: PinsDocument, manifest: Manifest, old: Lock, say: Callable[[str], None]
) -> Lock:
    """Return a lock file with the applications of a document: first those that were renamed, so that their
    old key is free, then those that were created.
    """
    new = replace(old, tenant_id=manifest.tenant_id) if document.renamed or document.pins else old
    for entry in document.renamed:
        declared = manifest.applications.get(entry.key)
        if declared is None or declared.previously != entry.previously:
            say(
                f"the rename of {entry.previously} to {entry.key} is skipped: the manifest does not have "
                f"`previously: {entry.previously}` at {entry.key} (any more)"
            )
        else:
            new = _with_renamed(new, entry)
    for each in document.pins:
        if each.key not in manifest.applications:
            say(f"{each.key} is skipped: the manifest does not declare it")
        elif each.app_id in old.rejected:
            raise UsageError(f"{path}: appId {each.app_id} of {each.key} is rejected by the lock file")
        else:
            new = _with_created(new, each)
    return new


def _with_secrets(
    path: Path, document: PinsDocument, manifest: Manifest, old: Lock, say: Callable[[str], None]
) -> Lock:
    """Return a lock file with the secrets of a document."""
    new = old
    for secret in document.secrets:
        declared = manifest.applications.get(secret.key)
        known = new.application(secret.key, declared.previously if declared else None)
        if declared is None or secret.label not in declared.rotating:
            say(f"secret {secret.label} of {secret.key} is skipped: the manifest does not declare it")
        elif secret.app_id in old.rejected:
            raise UsageError(f"{path}: appId {secret.app_id} of {secret.key} is rejected by the lock file")
        elif known.app_id is None and declared.app_id != secret.app_id:
            # Of which application a key is, a list of its secrets does not decide.
            say(
                f"secret {secret.label} of {secret.key} is skipped: nothing pins {secret.key} to "
                f"{secret.app_id}; look, then `entra-config lock {manifest.chosen} "
                f"--accept {secret.key}={secret.app_id}`, and take the document again"
            )
        elif known.app_id not in {None, secret.app_id}:
            raise UsageError(
                f"{path}: {secret.key} is pinned to {known.app_id}, and these are secrets of {secret.app_id}"
            )
        else:
            new = with_secret(
                replace(new, tenant_id=manifest.tenant_id),
                secret.key,
                secret.app_id,
                secret.label,
                tuple(secret.key_ids),
            )
    return new


def _with_created(lock: Lock, made: MadeApplication) -> Lock:
    """Return a lock file with an application that a run created. A pin that still proves another application
    is never overwritten: the run must have seen that the tenant does not have that one any more.
    """
    from entra_config.manifest.environments.pins import PinnedApplication

    before = lock.applications.get(made.key, PinnedApplication())
    if before.app_id not in {None, made.app_id, made.replaces}:
        raise UsageError(
            f"`{made.key}` is pinned to appId {before.app_id}, and a run created {made.app_id} for it. If "
            f"the new one is right, look at it, then `entra-config lock --accept {made.key}={made.app_id}`"
        )
    if (other := lock.key_of(made.app_id)) not in {"", made.key}:
        raise UsageError(
            f"appId {made.app_id} is pinned for `{other}`, and a run created it for `{made.key}`"
        )
    note = f"created {made.created_date_time}"
    note += f" by application {made.created_by_app_id}" if made.created_by_app_id else ""
    # What was accepted of another object lapses with it.
    kept = before if before.app_id == made.app_id else PinnedApplication(made.app_id)
    return replace(lock, applications={**lock.applications, made.key: replace(kept, note=note)})


def _with_renamed(lock: Lock, entry: RenamedApplication) -> Lock:
    """Return a lock file with the pin of a renamed application under its new key."""
    now = lock.key_of(entry.app_id)
    if now == entry.key:
        return lock
    if now != entry.previously:
        raise UsageError(
            f"a run renamed `{entry.previously}`, appId {entry.app_id}, to `{entry.key}`, and the lock file "
            f"pins that application for {f'`{now}`' if now else 'no key'}"
        )
    if taken := lock.applications.get(entry.key):
        raise UsageError(
            f"a run renamed `{entry.previously}`, appId {entry.app_id}, to `{entry.key}`, and the lock file "
            f"pins `{entry.key}` to {taken.app_id}"
        )
    return lock.renamed(entry.previously, entry.key)


def with_secret(lock: Lock, key: str, app_id: str, label: str, key_ids: tuple[str, ...]) -> Lock:
    """Return a lock file with the key ids of one secret; they belong to an appId, and lapse with it."""
    from entra_config.manifest.environments.pins import PinnedApplication

    # Until a rename is applied, the application may be pinned under its former key.
    place = lock.key_of(app_id) or key
    before = lock.applications.get(place, PinnedApplication())
    kept = before if before.app_id in {app_id, None} else PinnedApplication()
    secrets = {**dict(kept.secrets), label: tuple(sorted(set(key_ids)))}
    # What a rotation has of it is no longer somebody's to accept.
    others = tuple(id_ for id_ in kept.key_ids if id_ not in key_ids)
    after = replace(
        kept,
        app_id=app_id,
        key_ids=others,
        secrets=tuple(sorted((name, ids) for name, ids in secrets.items() if ids)),
    )
    return replace(lock, applications={**lock.applications, place: after})
