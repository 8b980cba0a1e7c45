"""What a run makes of hits: once for each place, with the severities of the policy, for who reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from entra_config.actual.fetch import Responses
from entra_config.errors import ManifestError, Position
from entra_config.kinds.directory import Directory
from entra_config.lint import run
from entra_config.lint.model import Hit, LintFinding, LintRequest, Persona, Rule, Side, View
from entra_config.lint.tenant import TenantReading
from entra_config.manifest import loader
from entra_config.manifest.loader import Loaded
from tests.unit.lint.snippets import NOW, TENANT, linted, of_rule

TWO = f"""\
project: myapp
environments:
  dev: {{ tenantId: {TENANT} }}
  prod:
    tenantId: {TENANT}
    protected: true
    policy: {{ lint: {{ rules: {{ redirect-wildcard: {{ severity: W }} }} }} }}
applications:
  app:
    type: web
    displayName: App
    redirectUris: ["https://*.example.com/a"]
"""


def test_one_place_in_two_environments_is_one_finding(tmp_path: Path) -> None:
    """As grave as the most severe, with the names of both."""
    (found,) = of_rule(linted(TWO, tmp_path), "redirect-wildcard")

    assert (found.environments, found.severity) == (("dev", "prod"), "E")


@pytest.mark.parametrize(
    ("options", "severities"),
    [
        ("{ severity: I }", ["I"]),
        ("{ severity: off, because: it is a test }", []),
        ("{ severity: off, because: it is a test, applications: [other] }", ["E"]),
        ("{ severity: off, because: it is a test, until: 2026-11-25 }", ["E"]),
        ("{ severity: off, because: it is a test, until: 2026-11-26 }", []),
    ],
)
def test_the_root_file_says_how_grave_a_rule_is(options: str, severities: list[str], tmp_path: Path) -> None:
    """For all applications or some, up to and with a day."""
    text = TWO.replace("    policy: { lint: { rules: { redirect-wildcard: { severity: W } } } }\n", "")
    text = text.replace(
        "environments:", f"policy: {{ lint: {{ rules: {{ redirect-wildcard: {options} }} }} }}\nenvironments:"
    )

    assert [each.severity for each in of_rule(linted(text, tmp_path), "redirect-wildcard")] == severities


def test_a_rule_that_there_is_not_is_an_error(tmp_path: Path) -> None:
    """With its place and what was meant."""
    with pytest.raises(
        ManifestError, match=r"yaml:7:32: `redirect-wildcart` is not a rule .* mean `redirect-wildcard`"
    ):
        linted(TWO.replace("redirect-wildcard: { sev", "redirect-wildcart: { sev"), tmp_path)


def test_who_reads_sees_what_is_meant_for_him(tmp_path: Path) -> None:
    """Information is for the pedantic; what is not shown is counted."""
    text = TWO.replace("type: web", "type: publicClient").replace(
        '["https://*.example.com/a"]', "[http://localhost]"
    )
    regular, pedantic = linted(text, tmp_path, persona="regular"), linted(text, tmp_path, persona="pedantic")

    assert of_rule(regular, "ropc-possible") == []
    assert regular.unseen["pedantic"] >= 1
    assert len(of_rule(pedantic, "ropc-possible")) == 1


def rule(name: str, *hits: Hit, on: tuple[Side, ...] = ("manifest",), **more: Any) -> Rule:
    """Return a rule that finds these on the manifest's side, and nothing in a tenant unless it is on both."""
    given: dict[str, Any] = {"severity": "W", "confidence": "high", **more}

    def check(view: View) -> Iterator[Hit]:
        yield from hits

    return Rule(
        name, on=on, finds="F.", why="W.", fix="X.", source="S", bad="", good="", check=check, **given
    )


def requested(
    *rules: Rule, persona: Persona = "auditor", environments: tuple[str, ...] = ("dev",)
) -> LintRequest:
    """Return a request for these rules."""
    return LintRequest({each.id: each for each in rules}, NOW, environments, persona)


@pytest.fixture(name="loaded")
def _loaded(tmp_path: Path) -> tuple[Loaded, ...]:
    path = tmp_path / "entra-config.yaml"
    path.write_text(PLAIN, encoding="utf-8")
    return tuple(loader.loaded(path))


HERE = Position("m.yaml", 3, 4)
PLAIN = TWO.replace("    policy: { lint: { rules: { redirect-wildcard: { severity: W } } } }\n", "")


@pytest.mark.parametrize(
    ("one", "hit", "expected"),
    [
        (rule("a"), Hit(HERE, "m"), ("W", "regular")),
        (rule("a"), Hit(HERE, "m", severity="E"), ("E", "regular")),
        (rule("a"), Hit(HERE, "m", persona="auditor"), ("W", "auditor")),
        (rule("a", persona="pedantic"), Hit(HERE, "m"), ("W", "pedantic")),
        (rule("a", severity="I"), Hit(HERE, "m"), ("I", "pedantic")),
        (rule("a", severity="I", persona="auditor"), Hit(HERE, "m"), ("I", "auditor")),
        (rule("a", confidence="low"), Hit(HERE, "m"), ("W", "auditor")),
    ],
    ids=[
        "as the rule says",
        "graver",
        "for another reader",
        "a rule for others",
        "information",
        "for auditors",
        "low",
    ],
)
def test_a_finding_is_as_grave_as_its_hit_says_and_for_whom(
    one: Rule, hit: Hit, expected: tuple[str, str], loaded: tuple[Loaded, ...]
) -> None:
    """Hold that information is for the pedantic, and what is not sure for auditors alone."""
    view = run.manifest_views(loaded, requested(one))[0]
    found = run.finding(one, hit, view)

    assert found == LintFinding(
        "a", *(expected[0], one.confidence, expected[1]), "m", "X.", HERE, "", "", ("dev",)
    )  # type: ignore[arg-type]  # literals


def test_each_environment_sees_the_others(loaded: tuple[Loaded, ...]) -> None:
    """Hold that none sees itself among them, and that each knows whether another is protected."""
    views = run.manifest_views(loaded, requested(rule("a")))

    assert [[(each.environment, each.protected) for each in view.others] for view in views] == [
        [("prod", True)],
        [("dev", False)],
    ]
    assert [view.rules for view in views] == [frozenset({"a"})] * 2


def test_findings_stand_in_the_order_of_the_files(loaded: tuple[Loaded, ...]) -> None:
    """Hold that what has no place is first, then file, line and column, then the most severe."""
    hits = (
        Hit(Position("b.yaml", 1, 1), "6"),
        Hit(Position("a.yaml", 2, 1), "5"),
        Hit(Position("a.yaml", 1, 9), "4"),
        Hit(Position("a.yaml", 1, 2), "3"),
        Hit(Position("a.yaml", 1, 2), "2", severity="E"),
        Hit(None, "1"),
    )
    found = run.run(loaded, requested(rule("a", *hits)))
    assert [each.message for each in found.findings] == ["1", "2", "3", "4", "5", "6"]


def test_who_does_not_see_a_finding_is_told_how_many_there_are(loaded: tuple[Loaded, ...]) -> None:
    """Hold that what is for him is not counted."""
    hits = (Hit(HERE, "1"), Hit(HERE, "2", persona="pedantic"), Hit(HERE, "3", persona="auditor"))
    found = run.run(loaded, requested(rule("a", *hits), persona="pedantic"))

    assert ([each.message for each in found.findings], found.unseen) == (["1", "2"], {"auditor": 1})


def test_a_locked_rule_that_there_is_not_is_an_error(tmp_path: Path) -> None:
    """Hold that it is said at the policy, with what was meant."""
    text = TWO.replace("environments:", "policy: { lint: { locked: [redirect-wildcart] } }\nenvironments:", 1)
    with pytest.raises(
        ManifestError,
        match=r"yaml:2:\d+: `locked`: `redirect-wildcart` is not a rule of lint\. .* `redirect-wildcard`",
    ):
        linted(text, tmp_path)


def test_what_a_tenant_has_too_is_reported_of_the_manifest(loaded: tuple[Loaded, ...]) -> None:
    """Hold that it is reported once, and what only the tenant has as the tenant's; what could not be read is
    said.
    """
    both = rule("both", Hit(HERE, "m", "app", "x"), on=("manifest", "live"))
    live = rule("live", Hit(HERE, "l", "app", "x"), on=("live",))
    read = TenantReading(Directory("https://graph"), Responses(), ("what: it needs more",))
    found = run.run(loaded, requested(both, live), {"dev": read})

    assert [(each.rule, each.environments, each.live) for each in found.findings] == [
        ("both", ("dev",), False),
        ("live", ("dev",), True),
    ]
    assert found.not_read == ("what: it needs more",)
    assert run.tenant_views(run.manifest_views(loaded, requested(both)), {}) == []
