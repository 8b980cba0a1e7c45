"""A directory is saved a little at a time, as it was when the saving began."""

import json
from itertools import islice

from entra_emulator import seed
from entra_emulator.clock import ManualClock
from entra_emulator.directory import Tenants
from entra_emulator.generated import generate


def test_the_pieces_are_the_directory() -> None:
    """Joined, they are JSON of what `dump` gives, and load again."""
    directory = generate(250, 1000, clock=ManualClock())

    data = json.loads("".join(directory.pieces()))

    assert data == directory.dump()
    assert Tenants.from_data(data).dump() == directory.dump()


def test_no_piece_grows_with_the_directory() -> None:
    """The longest wait between two pieces is the same for ten times the rows."""
    few, many = (
        max(len(piece) for piece in generate(size, 10 * size, clock=ManualClock()).pieces())
        for size in (250, 2500)
    )

    assert many < few * 1.05


def test_what_changes_meanwhile_is_not_in_it() -> None:
    """A write between two pieces is left for the next time, and breaks nothing."""
    directory = generate(250, 1000, clock=ManualClock())
    before, pieces = directory.dump(), directory.pieces()
    begun = list(islice(pieces, 3))

    app = next(iter(directory.default.applications))
    directory.default.applications.put({**app, "displayName": "changed meanwhile"})
    directory.default.applications.remove(app["id"])
    seed.add_application(directory.default, "New")
    directory.default.audit.append({"id": "new"})

    assert json.loads("".join([*begun, *pieces])) == before
