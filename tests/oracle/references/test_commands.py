"""Each command that reads or edits references, over random manifests that name things in every field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from entra_config.errors import EntraConfigError
from entra_config.manifest import loader
from entra_config.manifest.editing.offboard import offboard
from tests.oracle.references import judge
from tests.oracle.references.drawn import LEAVER, Drawn

SEEDS = range(40)


def offboarded(number: int, folder: Path) -> str:
    """Take a person out of one manifest; return what is wrong afterwards, empty if nothing is."""
    path = Drawn(number).save(folder)
    loader.load_all(path)
    before, files = judge.people(folder), judge.texts(folder)
    try:
        offboard(path, LEAVER.upper()).write()
    except EntraConfigError as error:
        if judge.texts(folder) != files:
            return "files were changed though it was refused"
        if not re.search(r"\.yaml:\d+:\d+", str(error)):
            return f"refused without a place: {error}"
        return "" if judge.is_shared(before) else f"refused for nothing: {error}"
    loader.load_all(path)
    after = judge.people(folder)
    left = [place for place in after if place[2] == LEAVER]
    if left:
        return f"is named still: {left}"
    others = {place: count for place, count in before.items() if place[2] != LEAVER}
    return "" if after == others else f"others changed: {before - after - (before & after)}"


@pytest.mark.parametrize("number", SEEDS)
def test_offboard_takes_a_person_out_wherever_and_however_she_is_named(number: int, tmp_path: Path) -> None:
    """Or it changes nothing, and says where an entry means somebody else too."""
    assert offboarded(number, tmp_path) == ""
