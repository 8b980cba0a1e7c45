"""The one table of risk: whole, read by everyone, and its page is current."""

from __future__ import annotations

import pytest

from entra_config.kinds.application_effects import HARMLESS
from entra_config.kinds.application_steps import CLEANED
from entra_config.kinds.redirect_hosts import risk_class
from entra_config.kinds.table import TRACES
from entra_config.lint import table
from entra_config.properties import PROPERTIES
from entra_config.risk import CLASSES, LEVELS, RANK


def test_classes_stand_by_risk() -> None:
    """A reviewer reads from the top: no class stands above a riskier one."""
    levels = [list(LEVELS).index(each.risk) for each in CLASSES.values()]
    assert levels == sorted(levels)
    assert [*LEVELS] == ["high", "medium", "low"]


def test_each_path_has_one_row() -> None:
    """No property of one of Graph's types has two."""
    rows = [(row.path, owner) for row in PROPERTIES for owner in row.of.split()]
    assert len(rows) == len(set(rows))


def test_who_names_a_class_names_one_of_the_table() -> None:
    """What kinds say that something gives, and what their effects are called, has its row."""
    named = {trace.gives for trace in TRACES.values() if trace.gives}
    named |= {row.risk for row in PROPERTIES} | HARMLESS | CLEANED
    assert named <= RANK.keys()


def test_each_severity_of_lint_is_of_one_level() -> None:
    """E, W and I are High, Medium and Low."""
    severities = {rule.severity for rule in table.built_in().values()}
    assert {each.lint for each in LEVELS.values()} == severities


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://app.contoso.com/other", "redirect URI"),
        ("https://APP.contoso.com:8443/other", "redirect URI"),
        ("https://app.contoso.com.evil.net/cb", "redirect host"),
        ("https://app.contoso.com@evil.net/cb", "redirect host"),
        ("https://preview.contoso.com/cb", "redirect host"),
        ("http://localhost:3000", "redirect URI"),
        ("http://127.0.0.2:3000", "redirect URI"),
        ("https://app.con\ttoso.com/cb", "redirect host"),
        ("http://localhost.evil.net", "redirect host"),
        ("myapp://auth", "redirect host"),
        ("https://[evil/cb", "redirect host"),
    ],
)
def test_a_redirect_uri_on_a_host_of_its_own_is_high(uri: str, expected: str) -> None:
    """Names that only look alike are other hosts."""
    assert risk_class(uri, {"spa.redirectUris": ("https://app.contoso.com/cb", uri)}) == expected


def test_where_a_new_application_goes_is_its_own_matter() -> None:
    """It has no sign-ins yet that could go elsewhere; one that is there and had no URI has."""
    assert risk_class("https://app.contoso.com/cb", None) == "redirect URI"
    assert risk_class("https://app.contoso.com/cb", {"web.redirectUris": ()}) == "redirect host"
