"""Write a snapshot into a file that only its owner may read, and never where git would take it along."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from entra_config.errors import UsageError
from entra_config.files import find_work_tree, write_output
from entra_config.plan.model import Plan
from entra_config.snapshot.cleaning import Redactor, SecretFilter, find_people
from entra_config.snapshot.document import Collection, SnapshotDocument, SnapshotTenant
from entra_config.snapshot.recorder import Recorder


def check_path(path: Path) -> None:
    """Raise UsageError if the file would be in a checkout in which git does not ignore it."""
    target = Path(os.path.realpath(path))
    top = find_work_tree(target.parent)
    if top is None:
        return
    try:
        done = subprocess.run(  # noqa: S603  # git, with fixed words and one path
            ["git", "-C", str(top), "check-ignore", "--quiet", "--", str(target)],  # noqa: S607  # whichever git is there
            capture_output=True,
            check=False,
        )
        ignored = done.returncode == 0
    except FileNotFoundError:
        ignored = False
    if not ignored:
        raise UsageError(
            f"{path} is in the checkout {top}, and git does not ignore it. A snapshot names people, and a "
            "commit would publish it to everybody who can read the repository. Choose a file outside of the "
            "checkout, or add it to .gitignore"
        )


def make_document(
    recorder: Recorder, plan: Plan, now: datetime, key: bytes | None = None
) -> SnapshotDocument:
    """Return what was read for a plan, without secrets; with a `key` for HMACs also without people, names
    and hosts.
    """
    texts = SecretFilter()
    found = {name: texts.clean(part) for name, part in recorder.collections().items()}
    tenant = texts.clean({"id": plan.tenant.id, "name": plan.tenant.name})
    if key is not None:
        people = find_people(found)
        redactor = Redactor(key, people | {plan.tenant.id.casefold()})
        found = {name: redactor.redact_collection(part) for name, part in found.items()}
        tenant = redactor.redact(tenant)
    return SnapshotDocument(
        version=1,
        kind="snapshot",
        project=plan.project,
        environment=plan.environment,
        tenant=SnapshotTenant(**tenant),
        made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        redacted=key is not None,
        secrets_replaced=texts.replaced,
        collections={name: Collection(**part) for name, part in found.items()},
        not_kept=recorder.not_kept,
    )


def write(path: Path, document: SnapshotDocument) -> None:
    """Write a snapshot as canonical JSON; UsageError if the file cannot be written there."""
    check_path(path)
    content = document.model_dump(mode="json", by_alias=True)
    # ASCII: an answer may have lone surrogates, which no UTF-8 file takes.
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    try:
        write_output(path, f"{text}\n", mode=0o600)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
