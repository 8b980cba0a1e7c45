"""What a rotation made and took away in; its key ids in the lock file, or in the document that another job
takes, out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config.cli import pins
from entra_config.cli.options import Common
from entra_config.errors import ManifestError, UsageError
from entra_config.report import escape

if TYPE_CHECKING:
    from entra_config.credentials.rotation import Rotated
    from entra_config.manifest.environments.pins import Lock
    from entra_config.manifest.model import Manifest


@dataclass(slots=True)
class Notes:
    """Writes each secret's key ids down as soon as they are known: never a value."""

    common: Common
    lock: bool
    file: Path | None = None
    unpinned: list[Rotated] = field(default_factory=list)
    _secrets: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)

    def begin(self, manifest: Manifest) -> None:
        """Write the document as it is before anything is made, so that it is never an older run's."""
        if self.file is not None:
            pins.write_document(self.file, manifest, [], [])

    def note(self, manifest: Manifest, app_id: str, outcome: Rotated) -> None:
        """Take note of one secret."""
        subject = outcome.subject
        self._secrets.append((subject.key, app_id, subject.declared.label, outcome.key_ids))
        if self.file is not None:
            from entra_config.report.credentials_document import MadeSecret

            made = [
                MadeSecret(key=key, app_id=id_, label=label, key_ids=list(ids))
                for key, id_, label, ids in self._secrets
            ]
            pins.write_document(self.file, manifest, [], made)
        if not self.lock and self.file is None and outcome.made:
            self.unpinned.append(outcome)
        if self.lock:
            try:
                _edit(
                    manifest,
                    lambda lock: pins.with_secret(
                        lock, subject.key, app_id, subject.declared.label, outcome.key_ids
                    ),
                )
            except (OSError, ManifestError) as error:
                self.common.output.say(f"{subject.name} is not in the lock file: {escape.text(str(error))}")
                self.unpinned.append(outcome)

    def report_unpinned(self, environment: str) -> None:
        """Report each new key id that is in no lock file, with the command that pins it."""
        for outcome in self.unpinned:
            subject, key_id = outcome.subject, outcome.made or outcome.key_ids[0]
            self.common.output.failed(
                f"{subject.name}: key id {key_id} is not pinned in the lock file, so the next plan "
                "reports it as undeclared. Pin it:"
            )
            words = ("credentials", "adopt", subject.key, key_id, "--secret", subject.declared.label)
            self.common.output.say(f"  {self.common.next(*words, '-e', environment, online=True)}")


def adopt(manifest: Manifest, key: str, app_id: str, *, label: str, key_id: str) -> Path:
    """Write down that a secret which exists is the declared one."""
    known = manifest.rotated.get(app_id, {}).get(label, ())
    try:
        return _edit(manifest, lambda lock: pins.with_secret(lock, key, app_id, label, (*known, key_id)))
    except OSError as error:
        raise UsageError(
            f"the lock file of {manifest.environment} cannot be written: {error.strerror}"
        ) from error


def _edit(manifest: Manifest, change: Callable[[Lock], Lock]) -> Path:
    from entra_config.manifest import loader
    from entra_config.manifest.environments import lock
    from entra_config.manifest.reading.problems import Problems

    path = loader.pins_path(manifest)
    problems = Problems()
    held = lock.read(path, problems)
    problems.finish()
    changed = change(replace(held, tenant_id=manifest.tenant_id))
    lock.save(path, changed, manifest.environment, manifest.fleet_tenant)
    return path
