"""The key ids of a secret in a lock file: they belong to one appId, and lapse with it."""

from __future__ import annotations

import pytest

from entra_config.manifest.environments.pins import Lock, PinnedApplication
from entra_config.pinning import made

A, B = (f"{digit * 8}-0000-0000-0000-000000000000" for digit in "ab")
BEFORE = PinnedApplication(A, key_ids=("k1", "k9"), secrets=(("b", ("k3",)), ("old", ("k4",))))


@pytest.mark.parametrize(
    ("lock", "label", "ids", "expected"),
    [
        (Lock(), "b", ("k2", "k1"), PinnedApplication(A, secrets=(("b", ("k1", "k2")),))),
        (
            Lock(applications={"web": BEFORE}),
            "b",
            ("k1",),
            PinnedApplication(A, key_ids=("k9",), secrets=(("b", ("k1",)), ("old", ("k4",)))),
        ),
        (
            Lock(applications={"web": BEFORE}),
            "a",
            ("k5",),
            PinnedApplication(
                A, key_ids=("k1", "k9"), secrets=(("a", ("k5",)), ("b", ("k3",)), ("old", ("k4",)))
            ),
        ),
        (
            Lock(applications={"web": BEFORE}),
            "b",
            (),
            PinnedApplication(A, key_ids=("k1", "k9"), secrets=(("old", ("k4",)),)),
        ),
        (
            Lock(applications={"web": PinnedApplication(B, ("o",), ("k1",))}),
            "b",
            ("k2",),
            PinnedApplication(A, secrets=(("b", ("k2",)),)),
        ),
        (
            Lock(applications={"web": PinnedApplication(None, ("o",))}),
            "b",
            ("k2",),
            PinnedApplication(A, ("o",), secrets=(("b", ("k2",)),)),
        ),
    ],
    ids=["first", "accepted no longer", "one more", "the last went", "another appId", "no appId"],
)
def test_key_ids_belong_to_an_app_id(
    lock: Lock, label: str, ids: tuple[str, ...], expected: PinnedApplication
) -> None:
    """What a rotation has is no longer somebody's to accept; what is of another application lapses."""
    assert made.with_secret(lock, "web", A, label, ids).applications == {"web": expected}
