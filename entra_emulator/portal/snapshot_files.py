"""Export a snapshot as a file for another machine, and import such a file as a snapshot."""

import re

from starlette.responses import Response

from entra_emulator.portal.visit import Visit, protected
from entra_emulator.snapshots import files
from entra_emulator.snapshots.bounds import SnapshotFileError
from entra_emulator.snapshots.named import NOW, SnapshotError

FILE = "file"


def export(visit: Visit) -> Response:
    """Return a snapshot or the current state as a file: with hashes of secrets, without keys and sessions."""
    name = visit.form.get("name", "") or NOW
    try:
        directory = visit.held.emulator.snapshots.directory(name)
    except SnapshotError as error:
        return _problem(visit, str(error), 404)
    called = re.sub(r"[^A-Za-z0-9._-]+", "-", name)
    headers = {"Content-Disposition": f'attachment; filename="{called}.json"'}
    text = files.text(directory)
    return protected(visit.held.door, Response(text, media_type="application/json", headers=headers))


def import_file(visit: Visit) -> Response:
    """Save the tenants of a file under a name; nothing is restored, and nothing in the file is trusted."""
    sent = visit.files.get(FILE)
    if sent is None or not sent[1]:
        return _problem(visit, "No file was chosen.", 400)
    given, data = sent
    name = visit.form.get("name", "").strip() or _name(given)
    snapshots = visit.held.emulator.snapshots
    try:
        found = files.read_bytes(data, given[:80] or "the file", visit.held.emulator.clock)
        snapshots.keep(name, found.directory)
    except (SnapshotFileError, SnapshotError) as error:
        return _problem(visit, str(error), 400)
    return visit.go(visit.path("changes", since=name))


def _name(given: str) -> str:
    """Make a snapshot's name of a file's."""
    stem = given.replace("\\", "/").rpartition("/")[2].removesuffix(".json")
    return re.sub(r"[^A-Za-z0-9 ._-]+", "-", stem).strip(" ._-")[:64] or "from a file"


def _problem(visit: Visit, reason: str, status: int) -> Response:
    words = f"{reason[:1].upper()}{reason[1:]}"
    return visit.render("edit_gone.html", status=status, here="changes", reason=words)
