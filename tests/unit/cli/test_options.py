"""The options that commands share: read into one value, and said again as the words of another command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from entra_config.cli import options
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.errors import UsageError

TALK = {"no_color": True, "verbose": True, "quiet": True}
LOUD = Output(no_color=True, verbose=True, quiet=True)
PLACE = {"environment": "dev", "manifest": Path("m")}
THERE = {"cloud": "china", "credential": "cli"}
FLEET: dict[str, Any] = {"fleet": Path("f.yaml"), "tenant": "contoso"}
Read = Callable[..., Common]


@pytest.mark.parametrize(
    ("read", "given", "expected"),
    [
        (options.talking, TALK, Common(output=LOUD)),
        (options.offline, {**TALK, **PLACE}, Common("dev", Path("m"), output=LOUD)),
        (options.online, {**TALK, **PLACE, **THERE}, Common("dev", Path("m"), "china", "cli", LOUD)),
        (options.of_fleet, {**TALK, **PLACE, **FLEET}, Common("dev", Path("m"), output=LOUD, **FLEET)),
        (
            options.placed,
            {**TALK, **PLACE, **THERE, **FLEET},
            Common("dev", Path("m"), "china", "cli", LOUD, **FLEET),
        ),
        (options.placed, {"tenant": "contoso"}, Common(tenant="contoso")),
        (options.whole_fleet, {**TALK, "fleet": Path("f.yaml")}, Common(output=LOUD, fleet=Path("f.yaml"))),
        (
            options.fleet_online,
            {**TALK, **THERE, "fleet": Path("f.yaml")},
            Common(cloud="china", credential="cli", output=LOUD, fleet=Path("f.yaml")),
        ),
    ],
)
def test_what_somebody_says(read: Read, given: dict[str, Any], expected: Common) -> None:
    """Each in its place."""
    assert read(**given) == expected


@pytest.mark.parametrize("word", ["no_color", "verbose", "quiet"])
@pytest.mark.parametrize("read", [options.talking, options.offline, options.online, options.of_fleet,
                                  options.placed, options.whole_fleet, options.fleet_online])  # fmt: skip
def test_each_word_of_talk_is_its_own(read: Read, word: str) -> None:
    """None is taken for another."""
    assert read(**{word: True}).output == Output(**{word: True})


@pytest.mark.parametrize("read", [options.of_fleet, options.placed])
def test_a_fleet_needs_a_tenant(read: Read) -> None:
    """A file alone says nobody; a tenant alone is of the file that stands there."""
    with pytest.raises(UsageError, match=r"^--fleet needs --tenant NAME: which of its tenants is meant$"):
        read(fleet=Path("f.yaml"))


@pytest.mark.parametrize(
    ("common", "environ", "offline", "online"),
    [
        (Common(), {}, "", ""),
        (Common("dev"), {}, "", ""),
        (Common(manifest=Path("my files")), {}, " -f 'my files'", " -f 'my files'"),
        (Common(cloud="china"), {}, "", " --cloud china"),
        (Common(cloud="china"), {"CLOUD": "china"}, "", ""),
        (Common(), {"CLOUD": "china"}, "", " --cloud global"),
        (Common(credential="cli"), {}, "", " --credential cli"),
        (Common(credential="cli"), {"CREDENTIAL": "cli"}, "", ""),
        (Common(credential="cli"), {"CREDENTIAL": "aws"}, "", " --credential cli"),
        (Common(), {"CREDENTIAL": "aws"}, "", ""),
        (Common(tenant="contoso"), {}, " --tenant contoso", " --tenant contoso"),
        (
            Common(manifest=Path("m"), fleet=Path("f"), tenant="t", cloud="usgov", credential="aws"),
            {},
            " -f m --fleet f --tenant t",
            " -f m --fleet f --tenant t --cloud usgov --credential aws",
        ),
    ],
)
def test_another_command_is_of_the_same_manifest(
    monkeypatch: pytest.MonkeyPatch, common: Common, environ: dict[str, str], offline: str, online: str
) -> None:
    """And, where it talks to a tenant, of the same tenant; what the shell says already stays unsaid."""
    for name in ("CLOUD", "CREDENTIAL"):
        monkeypatch.delenv(f"ENTRA_CONFIG_{name}", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(f"ENTRA_CONFIG_{name}", value)
    assert common.next("lint") == f"entra-config lint{offline}"
    assert common.next("plan", "-e", "dev", online=True) == f"entra-config plan -e dev{online}"
