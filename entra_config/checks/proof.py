"""Keys of a manifest in; nothing, or the refusal to touch what somebody else may have planted, out."""

from __future__ import annotations

from collections.abc import Iterable

from entra_config.checks import trust
from entra_config.checks.rules import pins
from entra_config.errors import RefusedError
from entra_config.kinds.directory import Directory
from entra_config.manifest.model import Manifest


def check(manifest: Manifest, directory: Directory, keys: Iterable[str], what: str) -> None:
    """Refuse, in a protected environment, what nothing proves to be ours; `what` is not done then."""
    wanted = sorted(keys)
    doubts = trust.doubts(manifest, directory) if manifest.protected else {}
    doubted = [doubts[key] for key in wanted if key in doubts and key not in directory.vouched]
    unsaid = [found for key in wanted if (found := pins.unsaid(directory, key))]
    if doubted or unsaid:
        lines = [f"{doubt.key} is doubted: {doubt.why}: {doubt.remedy}" for doubt in doubted]
        reported = "; ".join([*lines, *(f"{found.difference}: {pins.remedy(manifest)}" for found in unsaid)])
        raise RefusedError(f"{manifest.owner}: {what}. {reported}")
