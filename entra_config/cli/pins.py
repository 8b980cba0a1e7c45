"""What an apply created and renamed in; its pins in the lock file, or in a small document that another job
checks and takes, out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from entra_config.cli import wiring
from entra_config.cli.options import Common
from entra_config.errors import ManifestError, UsageError
from entra_config.files import write_output
from entra_config.report import escape

if TYPE_CHECKING:
    from entra_config.apply.events import Event
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.model import Manifest
    from entra_config.report.credentials_document import (
        MadeApplication,
        MadeSecret,
        PinsDocument,
        RenamedApplication,
    )

LARGEST = 2_000_000

NoLock = Annotated[bool, typer.Option("--no-lock", help="Do not pin what is created in the lock file.")]
WriteLock = Annotated[
    bool, typer.Option("--write-lock", help="Pin what is created in the lock file, on the emulator too.")
]
PinsFile = Annotated[
    Path | None,
    typer.Option(
        "--pins", metavar="FILE", help="Write key and appId of what this run creates, for `lock --pins FILE`."
    ),
]


@dataclass(slots=True)
class Pins:
    """Writes down each application as soon as its POST is answered, and each rename as soon as the new key is
    written on its application: what this run did, and nothing that it found.
    """

    common: Common
    manifest: Manifest
    maker: str
    lock: bool
    file: Path | None = None
    now: Callable[[], str] = lambda: wiring.now().strftime("%Y-%m-%dT%H:%M:%SZ")
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
                self._note_creation(ref.address.key, id_)
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

    def _note_creation(self, key: str, app_id: str) -> None:
        from entra_config.report.credentials_document import MadeApplication

        self.made[key] = MadeApplication(
            key=key,
            app_id=app_id,
            created_date_time=self.now(),
            created_by_app_id=self.maker or None,
            replaces=self.manifest.pinned.get(key),
        )
        self._write(key, lambda held: _with_created(held, self.made[key]))

    def _note_rename(self, key: str) -> None:
        from entra_config.report.credentials_document import RenamedApplication

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
        from entra_config.manifest import loader
        from entra_config.manifest.environments import lock
        from entra_config.manifest.reading.problems import Problems

        path = loader.pins_path(self.manifest)
        problems = Problems()
        held = lock.read(path, problems)
        try:
            problems.finish()
            lock.save(
                path,
                replace(edit(held), tenant_id=self.manifest.tenant_id),
                self.manifest.environment,
                self.manifest.fleet_tenant,
            )
        except (OSError, ManifestError, UsageError) as error:
            self.common.output.say(f"{path}: {key} is not pinned there: {escape.text(str(error))}")

    def _write_document(self, path: Path) -> None:
        write_document(path, self.manifest, [*self.made.values()], [], [*self.renamed.values()])


def write_document(
    path: Path,
    manifest: Manifest,
    made: list[MadeApplication],
    secrets: list[MadeSecret],
    renamed: list[RenamedApplication] | None = None,
) -> None:
    """Write what a run made as the document that `lock --pins` takes, whole or not at all."""
    from entra_config.report.credentials_document import PinsDocument

    document = PinsDocument(
        version=1,
        kind="pins",
        project=manifest.project,
        environment=manifest.environment,
        tenant_id=manifest.tenant_id,
        pins=made,
        renamed=renamed or [],
        secrets=secrets,
    )
    try:
        write_output(path, document.model_dump_json(by_alias=True, indent=2) + "\n")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error


def taken(common: Common, path: Path) -> tuple[Path, Lock, Lock, Manifest]:
    """Return the lock file, what it holds and what it holds with the pins of a document, after checking
    all of that; and whose it is.
    """
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.reading.problems import Problems

    document = _document(path)
    manifest = loader.load(common.manifest, common.environment, pins=Lock(), shard=wiring.shard(common))
    for what, value, is_ in (
        ("project", document.project, manifest.project),
        ("environment", document.environment, manifest.environment),
        ("tenant", document.tenant_id, manifest.tenant_id),
    ):
        if value != is_:
            raise UsageError(f"{path}: made for {what} {value}, and this is {what} {is_}")
    file = loader.pins_path(manifest)
    problems = Problems()
    old = lock.read(file, problems)
    problems.finish()
    new = _with_applications(common, path, document, manifest, old)
    return file, old, _with_secrets(common, path, document, manifest, new), manifest


def _document(path: Path) -> PinsDocument:
    from pydantic import ValidationError

    from entra_config.report.credentials_document import PinsDocument

    try:
        return PinsDocument.model_validate_json(_bounded(path), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "it"
        raise UsageError(f"{path}: these are no pins of `apply --pins`: {place}: {first['msg']}") from error


def _with_applications(
    common: Common, path: Path, document: PinsDocument, manifest: Manifest, old: Lock
) -> Lock:
    """Return a lock file with the applications of a document: first those that were renamed, so that their
    old key is free, then those that were created.
    """
    new = replace(old, tenant_id=manifest.tenant_id) if document.renamed or document.pins else old
    for entry in document.renamed:
        declared = manifest.applications.get(entry.key)
        if declared is None or declared.previously != entry.previously:
            common.output.say(
                f"the rename of {entry.previously} to {entry.key} is skipped: the manifest does not have "
                f"`previously: {entry.previously}` at {entry.key} (any more)"
            )
        else:
            new = _with_renamed(new, entry)
    for each in document.pins:
        if each.key not in manifest.applications:
            common.output.say(f"{each.key} is left out: the manifest does not declare it (any more)")
        elif each.app_id in old.rejected:
            raise UsageError(f"{path}: appId {each.app_id} of {each.key} is rejected by the lock file")
        else:
            new = _with_created(new, each)
    return new


def _with_secrets(common: Common, path: Path, document: PinsDocument, manifest: Manifest, old: Lock) -> Lock:
    """Return a lock file with the secrets of a document."""
    new = old
    for secret in document.secrets:
        declared = manifest.applications.get(secret.key)
        known = new.application(secret.key, declared.previously if declared else None)
        if declared is None or secret.label not in declared.rotating:
            common.output.say(
                f"secret {secret.label} of {secret.key} is left out: the manifest does not declare "
                "it (any more)"
            )
        elif secret.app_id in old.rejected:
            raise UsageError(f"{path}: appId {secret.app_id} of {secret.key} is rejected by the lock file")
        elif known.app_id is None and declared.app_id != secret.app_id:
            # Of which application a key is, a list of its secrets does not decide.
            common.output.say(
                f"secret {secret.label} of {secret.key} is left out: nothing pins {secret.key} to "
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


def _bounded(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise UsageError(f"{path}: larger than {LARGEST} bytes; these are no pins of `apply --pins`")
    return content
