"""What `doctor` says of one thing each: the manifest, the cloud, the clock, permissions, what a tenant
refuses.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from entra_config.checks import privileges
from entra_config.checks.examination import Examination
from entra_config.cli import doctor
from entra_config.cli.options import Common
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.report import lines

TENANT = "11111111-1111-1111-1111-111111111111"
ROOT = f"""\
project: myapp
environments:
  dev: {{ tenantId: {TENANT}, deployers: [Deploy] }}
  prod: {{ tenantId: {TENANT}, deployers: [Deploy] }}
applications: {{ api: {{ type: api, displayName: "API ${{environment}}" }} }}
"""


@pytest.fixture
def common(tmp_path: Path) -> Common:
    """Write a manifest of two environments with the same deployers."""
    path = tmp_path / "entra-config.yaml"
    path.write_text(ROOT)
    return Common("dev", path)


@pytest.fixture
def manifest(common: Common) -> Manifest:
    """Load one of them."""
    return loader.load(common.manifest, "dev")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("one", "one"),
        ("one\ntwo", "one (and 1 more lines: run `entra-config validate`)"),
        ("one\ntwo\nthree", "one (and 2 more lines: run `entra-config validate`)"),
    ],
)
def test_of_many_lines_the_first_is_said(text: str, shown: str) -> None:
    """And how many there are."""
    row = doctor._line(Examination("bad", "manifest", text))
    assert lines.format_lines([row]) == f"✗ {'manifest':13}{shown}".rstrip() + "\n"
    assert row.spans[0] == ("✗", "bold red")


def test_the_manifest_and_the_cloud(common: Common) -> None:
    """How many applications it has, what environments share, whether somebody ran this in that cloud."""
    shared = [str(each) for each in privileges.shared(loader.load_all(common.manifest))]
    holds = Examination("good", "manifest", "myapp/dev holds, 1 applications")
    deployers = [Examination("note", "deployers", each) for each in shared]
    assert len(shared) == 1
    assert list(doctor._manifest_and_cloud(common)) == [
        holds, *deployers, Examination("good", "cloud", "global")
    ]  # fmt: skip
    china = list(doctor._manifest_and_cloud(replace(common, cloud="china")))[-1]
    assert china == Examination(
        "note", "cloud", "china: its addresses are Microsoft's published ones; nobody ran this tool there"
    )
    emulator = list(doctor._manifest_and_cloud(replace(common, cloud="emulator")))[-1]
    assert emulator == Examination("good", "cloud", "emulator")


def test_another_environment_that_does_not_hold_is_a_note(common: Common) -> None:
    """This one does, and is looked at; one that does not itself is in the way, and no tenant is asked."""
    common.manifest.write_text(ROOT + "    only: [dev]\n    signInAudience: ${nothing}\n")
    common.manifest.write_text(ROOT.replace("prod: {", "prod: { variables: { a: 1 }, nothing: 1,"))
    found = list(doctor._all(replace(common, environment="nowhere")))
    assert [(each.state, each.what) for each in found] == [("bad", "manifest"), ("good", "cloud")]


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        (None, Examination("note", "clock", "Graph returned no time")),
        (0.0, Examination("good", "clock", "+0 s beside Graph's")),
        (-60.0, Examination("good", "clock", "+60 s beside Graph's")),
        (60.0, Examination("good", "clock", "-60 s beside Graph's")),
        (
            61.0,
            Examination(
                "bad",
                "clock",
                "this machine's clock is -61 s off; sign-in fails when it is off by minutes",
            ),
        ),
    ],
)
def test_a_clock_that_is_off(ahead: float | None, expected: Examination) -> None:
    """By more than a minute, before or after Graph's."""
    assert doctor._clock(ahead) == expected


def test_permissions_that_are_not_known(manifest: Manifest) -> None:
    """A person, or an application that may not read itself."""
    (found,) = doctor._permissions(manifest, None)
    assert (found.state, found.what) == ("note", "permissions")
    assert found.text.startswith("a user, or an application that may not read itself: what it may do shows ")


def test_who_has_nothing_lacks_all(manifest: Manifest) -> None:
    """Only what reading needs is in the way."""
    found = list(doctor._permissions(manifest, []))
    steps = {
        "reading": privileges.reading().permissions,
        "preflight": privileges.foreseeing().permissions,
        "drift": privileges.watching().permissions,
        "applying": tuple(privileges.least(privileges.of_manifest(manifest))),
    }
    assert all(steps.values())
    assert found == [
        Examination("bad" if what == "reading" else "note", what, f"lacks {', '.join(sorted(names))}")
        for what, names in steps.items()
    ]
    every = [name for names in steps.values() for name in names]
    assert list(doctor._permissions(manifest, every)) == [
        Examination("good", what, f"may: {', '.join(names)}") for what, names in steps.items()
    ]


def test_what_is_dangerous_and_not_needed_is_too_much(manifest: Manifest) -> None:
    """What is needed is not, however dangerous; nor what is harmless."""
    every = {
        *privileges.least(privileges.of_manifest(manifest)), *privileges.watching().permissions,
        *privileges.foreseeing().permissions,
    }  # fmt: skip
    held = [*sorted(every), "RoleManagement.ReadWrite.Directory", "Mail.ReadBasic"]
    found = [each for each in doctor._permissions(manifest, held) if each.what == "too much"]
    assert [each.text.partition(" ")[0] for each in found] == ["RoleManagement.ReadWrite.Directory"]
    assert found[0].state == "note"
    assert found[0].text.startswith("RoleManagement.ReadWrite.Directory is not needed, and ")
