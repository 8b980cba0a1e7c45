"""`signInAudienceRestrictions` of a registration: which tenants may use it, and what is wrong with such a
list.
"""

from __future__ import annotations

from pathlib import Path

from entra_config.manifest import edits, loader
from entra_config.manifest.environments.pins import Lock
from tests.unit.manifest.conftest import TENANT, Load, Problems

ONE, TWO = "818ce016-78c2-457c-91d7-c02c2faaa5fe", "c62670b0-53a1-4a38-b26c-4093cbaa510a"
BASE = """\
applications:
  api:
    type: api
    displayName: API
    signInAudience: AzureADMultipleOrgs
%s
settings: { apis: { api: { url: https://a.example%s } } }
"""
NAME = "signInAudienceRestrictions"


def written(says: str, more: str = "") -> str:
    """Write a manifest whose application says something of its tenants."""
    return BASE % (f"    {NAME}: {says}" if says else "", more)


def test_a_list_is_read_in_lower_case(load: Load) -> None:
    """With its place; `unrestricted` is a list of nobody; absent, nothing is said."""
    setting = (
        load(written(f"{{ allowedTenants: [{ONE.upper()}, {TWO}] }}")).applications["api"].settings[NAME]
    )
    assert (setting.value, setting.position and setting.position.line) == ([ONE, TWO], 8)
    assert load(written("unrestricted")).applications["api"].settings[NAME].value == []
    assert load(written(f"{{ allowedTenants: [{TENANT}] }}")).applications["api"].settings[NAME].value == [
        TENANT
    ]
    assert NAME not in load(written("")).applications["api"].settings
    assert NAME not in load(written("null")).applications["api"].settings


def test_an_api_takes_tokens_of_those_tenants(load: Load, problems: Problems) -> None:
    """Where its settings do not say fewer; one that may not use it is an error there."""
    restricted = f"{{ allowedTenants: [{ONE}, {TWO}] }}"
    assert load(written(restricted)).settings.api("api").allowed_tenants == (ONE, TWO)
    fewer = written(restricted, f", allowedTenants: [{TWO}]")
    assert load(fewer).settings.api("api").allowed_tenants == (TWO,)
    (found,) = problems(written(f"{{ allowedTenants: [{ONE}] }}", f", allowedTenants: [{TWO}]"))
    assert f"`{TWO}` gets no token" in found
    assert load(written("unrestricted")).settings.api("api").allowed_tenants == ()


def test_a_list_that_is_said_no_longer_is_a_guard_that_a_change_lowers(tmp_path: Path) -> None:
    """What stays there is compared with nothing."""
    sides = []
    for name, says in (("before", f"{{ allowedTenants: [{ONE}] }}"), ("after", "")):
        folder = tmp_path / name
        folder.mkdir()
        head = f"project: p\nenvironments: {{ dev: {{ tenantId: {TENANT} }} }}\n"
        (folder / "entra-config.yaml").write_text(head + written(says), encoding="utf-8")
        sides.append((loader.load(folder), Lock()))
    reported = [guard.text for guard in edits.between(*sides).guards]
    assert reported == ["`allowedTenants` of api is declared no longer: changes are not reported"]
