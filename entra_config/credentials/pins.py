"""Write the key ids of a rotation into the lock file, or into the document that another job takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from entra_config import characters
from entra_config.errors import ManifestError, UsageError
from entra_config.pinning import made

if TYPE_CHECKING:
    from entra_config.credentials.rotation import Rotated
    from entra_config.manifest.model import Manifest


@dataclass(slots=True)
class Notes:
    """Writes each secret's key ids down as soon as they are known: never a value."""

    say: Callable[[str], None]
    lock: bool
    file: Path | None = None
    unpinned: list[Rotated] = field(default_factory=list)
    _secrets: list[tuple[str, str, str, tuple[str, ...]]] = field(default_factory=list)

    def begin(self, manifest: Manifest) -> None:
        """Write the document as it is before anything is made, so that it is never an older run's."""
        if self.file is not None:
            from entra_config.pinning import document

            document.write(self.file, manifest, [], [])

    def note(self, manifest: Manifest, app_id: str, outcome: Rotated) -> None:
        """Take note of one secret."""
        subject = outcome.subject
        self._secrets.append((subject.key, app_id, subject.declared.label, outcome.key_ids))
        if self.file is not None:
            from entra_config.pinning import document

            secrets = [
                document.MadeSecret(key=key, app_id=id_, label=label, key_ids=list(ids))
                for key, id_, label, ids in self._secrets
            ]
            document.write(self.file, manifest, [], secrets)
        if not self.lock and self.file is None and outcome.made:
            self.unpinned.append(outcome)
        if self.lock:
            try:
                made.edit_lock_file(
                    manifest,
                    lambda lock: made.with_secret(
                        lock, subject.key, app_id, subject.declared.label, outcome.key_ids
                    ),
                )
            except (OSError, ManifestError) as error:
                self.say(f"{subject.name} is not in the lock file: {characters.printed(str(error))}")
                self.unpinned.append(outcome)


def adopt(manifest: Manifest, key: str, app_id: str, *, label: str, key_id: str) -> Path:
    """Write down that a secret which exists is the declared one."""
    known = manifest.rotated.get(app_id, {}).get(label, ())
    try:
        return made.edit_lock_file(
            manifest, lambda lock: made.with_secret(lock, key, app_id, label, (*known, key_id))
        )
    except OSError as error:
        raise UsageError(
            f"the lock file of {manifest.environment} cannot be written: {error.strerror}"
        ) from error
