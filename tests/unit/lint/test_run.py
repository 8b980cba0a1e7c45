"""What a run makes of hits: once for each place, with the severities of the policy, for who reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from entra_config.errors import ManifestError
from tests.unit.lint.snippets import TENANT, linted, of_rule

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
    """As grave as the gravest, with the names of both."""
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
        ManifestError, match=r"yaml:7:32: `redirect-wildcart` is no rule .* mean `redirect-wildcard`"
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
