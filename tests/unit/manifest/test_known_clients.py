"""`authorizedClients` and `knownClientApplications`: whole values, and all that is noted."""

from __future__ import annotations

from typing import Any

import pytest

from entra_config.manifest.sections import permissions
from tests.unit.manifest.declared import GALLERY, OWN, read
from tests.unit.manifest.one_value import node


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", ({}, {}), []),
        (
            f"{{ api: null, client: [read], {GALLERY.upper()}: [read, write], Microsoft Azure CLI: [read], none: null }}",
            (
                {"client": ("read",)},
                {GALLERY: ("read", "write"), "04b07795-8ddb-461a-bbee-02f9e1bf7b46": ("read",)},
            ),
            [],
        ),
        ("{ gallery: [write] }", ({}, {GALLERY: ("write",)}), []),
        (
            "{ unnamed: [write, [x]] }",
            ({}, {}),
            [
                "`unnamed`: expected a string, found a list",
                "`unnamed` is not an application here; others' clients stand by their appId. Known: `Microsoft Azure CLI`, `Microsoft Azure PowerShell`, `Microsoft Teams`, `Microsoft Teams Web Client`, `Visual Studio Code`, `api`, `client` and `none`.",
            ],
        ),
        (
            "{ clent: [read], client: [raed], none: [] }",
            ({"client": ("raed",), "none": ()}, {}),
            [
                "`clent` is not an application here; others' clients stand by their appId. Did you mean `client`?",
                "`raed` is not a scope of `api`. Did you mean `read`?",
                "`none` is authorized for no scope: name some, or leave the client out",
            ],
        ),
    ],
)
def test_authorized_clients(text: str, expected: tuple[Any, Any], noted: list[str]) -> None:
    """Ours by key, others' by appId, or by a name that stands for one."""
    value, problems = read(
        lambda directory, _, it: permissions.authorized_clients(it, OWN["api"], directory), node(text)
    )

    assert (value, [each.split(": ", 1)[1] for each in problems]) == (expected, noted)


@pytest.mark.parametrize(
    ("text", "expected", "noted"),
    [
        ("", None, []),
        ("null", (), []),
        (f"[client, {GALLERY}]", ("client", GALLERY), []),
        (
            "[api, clent, 7, [x], client]",
            ("api", "clent", "client"),
            [
                "`knownClientApplications`: expected a string (write it in quotes), found the number 7",
                "`knownClientApplications`: expected a string, found a list",
                "`api` is the API itself; a known client is another application",
                "`clent` is not an application. Did you mean `client`?",
            ],
        ),
    ],
)
def test_known_clients(text: str, expected: tuple[str, ...] | None, noted: list[str]) -> None:
    """Ours by key, others' by appId; without the key nothing is said of them."""
    value, problems = read(
        lambda directory, _, it: permissions.known_clients(it, OWN["api"], directory), node(text)
    )

    assert (value, [each.split(": ", 1)[1] for each in problems]) == (expected, noted)
