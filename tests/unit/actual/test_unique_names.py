"""Names of a series: which is free for a key, and whose series a name is of."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.actual import unique_names
from entra_config.resource import Text
from tests.unit.candidates import OURS, app, declared


def test_names_of_a_series(tmp_path: Path) -> None:
    """The first name that nobody holds is taken, whatever its case and life; the last one ends in the
    creation's own mark.
    """
    manifest = declared(tmp_path)
    holders = {name: app("a", *OURS) for name in list(unique_names.series(manifest, "api"))[:2]}
    gone = [app("b", unique_name="P.DEV.api.3")]
    chosen, reported = unique_names.choose(manifest, ["api"], holders, gone)
    assert (chosen["api"], len(reported)) == ("p.dev.api.4", 3)
    purged, _ = unique_names.choose(manifest, ["api"], holders, gone, purged=["id-b"])
    assert purged["api"] == "p.dev.api.3"
    every = {name: app("a") for name in unique_names.series(manifest, "api")}
    last, reported = unique_names.choose(manifest, ["api"], every, [])
    assert isinstance(last["api"], Text)
    assert (str(last["api"]), len(reported)) == ("p.dev.api.${application.api.created}", 9)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("p.dev.api", True),
        ("p.dev.old-one.9", True),
        (f"p.dev.api.{'0f' * 16}", True),
        ("p.dev.api.1", False),
        ("p.dev.api.10", False),
        ("P.dev.api", False),
        ("pxdev.api", False),
        ("p.dev", False),
        ("p.dev.api.2\n", False),
        (None, False),
    ],
)
def test_whose_series_a_name_is_of(tmp_path: Path, name: object, *, ours: bool) -> None:
    """A name is of this owner's series exactly or not at all."""
    assert unique_names.is_of(declared(tmp_path), name) is ours
