"""What a change does to the pins of a lock file, and where secrets are kept: whole values."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.manifest import edits
from entra_config.manifest.edits import UNPINNED, ApplicationEdit, NameEdit
from entra_config.manifest.environments.pins import Lock, Pin, PinnedApplication
from entra_config.manifest.fields.sinks.aws import AwsSink
from entra_config.manifest.fields.sinks.azure import AzureSink
from entra_config.manifest.fields.sinks.command import CommandSink
from entra_config.manifest.fields.sinks.file import FileSink
from entra_config.manifest.fields.sinks.github import GitHubSink
from entra_config.manifest.sinks import Sink
from tests.unit.manifest.conftest import Load

APP = "applications: { api: { type: api, displayName: API } }\n"
A, B = Pin("a"), Pin("b")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, {}),
        ({"users": {"x": A}}, {"users": {"x": A}}, {}),
        (
            {"users": {"x": A}, "groups": {"g": A}},
            {"users": {"y": B, "x": B}, "groups": {"g": Pin("a", was="h")}, "service_principals": {"s": A}},
            {
                "names": (
                    NameEdit("user", "x", A, B),
                    NameEdit("user", "y", None, B),
                    NameEdit("group", "g", A, Pin("a", was="h")),
                    NameEdit("servicePrincipal", "s", None, A),
                )
            },
        ),
        (
            {"users": {"x": A, "y": A}, "groups": {"g": A}, "applications": {"k": UNPINNED}},
            {"users": {"y": A}},
            {"gone": 3},
        ),
        (
            {"applications": {"k": PinnedApplication("1"), "l": PinnedApplication("1")}},
            {
                "applications": {
                    "m": PinnedApplication("3"),
                    "l": PinnedApplication("1", note="made"),
                    "k": PinnedApplication("2"),
                }
            },
            {
                "applications": (
                    ApplicationEdit("k", PinnedApplication("1"), PinnedApplication("2")),
                    ApplicationEdit("m", UNPINNED, PinnedApplication("3")),
                )
            },
        ),
        (
            {"applications": {"k": PinnedApplication("1", owners=("o",))}},
            {"applications": {"k": PinnedApplication("1", owners=("p",))}},
            {
                "applications": (
                    ApplicationEdit(
                        "k", PinnedApplication("1", owners=("o",)), PinnedApplication("1", owners=("p",))
                    ),
                )
            },
        ),
        (
            {"applications": {"k": PinnedApplication("1", owners=("o",))}},
            {"applications": {"k": PinnedApplication("1")}},
            {},
        ),
        (
            {"applications": {"k": PinnedApplication("1")}},
            {"applications": {"k": PinnedApplication("1", was="j")}},
            {
                "applications": (
                    ApplicationEdit("k", PinnedApplication("1"), PinnedApplication("1", was="j")),
                )
            },
        ),
        ({"rejected": tuple("hgfedcba")}, {"rejected": ("b", "x")}, {"candidates": tuple("acdefgh")}),
    ],
)
def test_what_changes_of_the_pins(
    load: Load, before: dict[str, Any], after: dict[str, Any], expected: dict[str, Any]
) -> None:
    """A name with another id, a key with another application, who is trusted, and how many are gone."""
    manifest = load(APP)

    assert edits.between((manifest, Lock(**before)), (manifest, Lock(**after))) == edits.Edits(**expected)


def test_of_a_new_environment_all_is_new(load: Load) -> None:
    """Its pins, and each thing that it lets happen."""
    root = "project: p\nenvironments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111, policy: { allow: [last] } } }\n"
    manifest = load(root + APP)
    found = edits.between(None, (manifest, Lock(users={"x": A})))

    assert found.names == (NameEdit("user", "x", None, A),)
    assert found.guards == edits.between((load(APP), Lock()), (manifest, Lock())).guards
    assert found.guards
    assert (found.applications, found.candidates, found.gone) == ((), (), 0)


AWS = AwsSink("s", {"account": "1", "secret": "arn:aws:x"})
AZURE = AzureSink("s", {"vault": "https://V.example/", "secret": "Web"})
GITHUB = GitHubSink("s", {"repository": "O/r", "environment": "Prod", "secret": "S"})
HOST = GitHubSink("s", {**GITHUB.fields, "api": "https://Ghe.example/api/"})
COMMAND = CommandSink("s", {"write": ("put", "it", "there")})
FILE = FileSink("s", {"path": "/Var/x"})


@pytest.mark.parametrize(
    ("sink", "reference", "reported", "place"),
    [
        (AWS, "arn:aws:x", "AWS 1, arn:aws:x", ("aws", "arn:aws:x")),
        (
            AZURE,
            "https://V.example//secrets/Web",
            "Key Vault https://V.example//secrets/Web",
            ("azure", "https://v.example", "web"),
        ),
        (
            GITHUB,
            "O/r environment Prod secret S",
            "GitHub O/r environment Prod secret S",
            ("github", "https://api.github.com", "o/r", "prod", "s"),
        ),
        (
            HOST,
            "O/r environment Prod secret S",
            "GitHub O/r environment Prod secret S at https://Ghe.example/api/",
            ("github", "https://ghe.example/api", "o/r", "prod", "s"),
        ),
        (COMMAND, "put", "command put it there", ("command", "put", "it", "there")),
        (FILE, "/Var/x", "file /Var/x", ("file", "/Var/x")),
    ],
)
def test_a_sink(sink: Sink, reference: str, reported: str, place: tuple[str, ...]) -> None:
    """What names it, what a plan says of it, and what tells it from another one."""
    assert (sink.reference, sink.reported, sink.place) == (reference, reported, place)
    assert (sink.text("none"), sink.words("none")) == ("", ())


def test_a_digest_is_of_what_a_sink_says() -> None:
    """Not of its name, nor of the order of its fields."""
    other = AwsSink("t", dict(reversed(AWS.fields.items())))

    assert AWS.digest == other.digest
    assert len({each.digest for each in (AWS, AZURE, GITHUB, HOST, COMMAND, FILE)}) == 6
    assert len(AWS.digest) == 20
    assert CommandSink("s", {"write": "put"}).words("write") == ("put",)
