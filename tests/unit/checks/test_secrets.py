"""Where declared secrets are kept, and which place is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from entra_config.checks.rules import protection
from entra_config.errors import Position
from entra_config.kinds.directory import Directory, Live, Subject
from entra_config.manifest.fields.sinks.azure import AzureSink
from entra_config.manifest.model import Application, Manifest
from entra_config.manifest.sinks import DeclaredSecret
from entra_config.plan.model import Notice, Refusal
from tests.unit.checks import ruled
from tests.unit.plan.estates import API, manifest

HERE, THERE = Position("api.yaml", 3, 1), Position("api.yaml", 8, 1)
SINK = AzureSink("vault", {"vault": "https://v", "secret": "s"})
SECRET = DeclaredSecret("api", "vault", timedelta(9), timedelta(1), HERE)
RING = DeclaredSecret("ring", "vault", timedelta(9), timedelta(1), THERE, "certificate")
PLACE = f"prod's sink vault ({SINK.reported})"


def name(label: str, sink: str) -> str:
    """Return what a rotation writes beside a secret."""
    return f"entra-config:{label}:{'0' * 16}.{sink}"


def declaring(*, protected: bool = True, **rotated: tuple[str, ...]) -> Manifest:
    """Return a manifest with a secret and a certificate; key ids are those that the lock file knows."""
    api = Application("api", "web", {}, secrets={"api": SECRET}, generated={"ring": RING})
    known = {"app": rotated} if rotated else {}
    return replace(
        manifest(protected=protected), applications={"api": api}, sinks={"vault": SINK}, rotated=known
    )


def reading(secret: dict[str, Any] | None = None, certificate: dict[str, Any] | None = None) -> Directory:
    """Return a tenant where the application has these."""
    body = {
        "appId": "app",
        "passwordCredentials": [secret] if secret else None,
        "keyCredentials": [certificate] if certificate else None,
    }
    return Directory("https://graph", live={"api": Live(Subject("api", body))})


NONE = "; there is none yet, `entra-config credentials rotate` makes it"
OTHER = "f" * 20


@pytest.mark.parametrize(
    ("declared", "directory", "secret", "certificate"),
    [
        (declaring(), Directory("https://graph"), NONE, NONE),
        (declaring(), Directory("https://graph", live={"api": Live(Subject("api"))}), NONE, NONE),
        (declaring(), reading(), NONE, NONE),
        (declaring(), reading({"displayName": "by hand", "keyId": "k"}), NONE, NONE),
        (declaring(), reading({"displayName": name("api", OTHER), "keyId": "k"}), "", NONE),
        (declaring(), reading({"displayName": name("else", OTHER), "keyId": "k"}), NONE, NONE),
        (declaring(), reading(None, {"displayName": name("ring", OTHER), "keyId": "k"}), NONE, ""),
        (declaring(api=("k",)), reading({"displayName": "by hand", "keyId": "K"}), "", NONE),
        (declaring(ring=("k",)), reading({"displayName": "by hand", "keyId": "K"}), NONE, NONE),
    ],
)
def test_each_is_told(declared: Manifest, directory: Directory, secret: str, certificate: str) -> None:
    """Where it is kept, whether there is one, and why it is a secret."""
    assert ruled.of_tenant(protection.secret_declared, declared, directory) == [
        Notice(f"secret of api → {PLACE}{secret}; {protection.WHY}", API, HERE),
        Notice(f"certificate of api (ring) → {PLACE}{certificate}", API, THERE),
    ]


def refusal(how: str, position: Position = HERE, what: str = "secret api") -> Refusal:
    """Return what is said of a place."""
    message = f"{what} would go to {PLACE}, which {how}, and the environment is protected"
    return Refusal("sink", message, API, position, blocks=False)


KEY = refusal("is new", THERE, "the key of certificate ring")


@pytest.mark.parametrize(
    ("declared", "directory", "expected"),
    [
        (declaring(), Directory("https://graph"), [refusal("is new"), KEY]),
        (
            declaring(api=("k",)),
            reading({"displayName": name("api", OTHER), "keyId": "K"}),
            [refusal("points elsewhere than before"), KEY],
        ),
        (
            declaring(),
            reading({"displayName": name("api", SINK.digest), "keyId": "k"}),
            [refusal("is new"), KEY],
        ),
        (declaring(api=("k",)), reading({"displayName": name("api", SINK.digest), "keyId": "K"}), [KEY]),
        (declaring(protected=False), Directory("https://graph"), []),
    ],
)
def test_a_place_where_none_went_before(
    declared: Manifest, directory: Directory, expected: list[Refusal]
) -> None:
    """Is refused where the environment is protected; what nobody locked proves nothing."""
    assert ruled.of_tenant(protection.sink_new, declared, directory) == expected
