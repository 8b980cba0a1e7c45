"""A rule on both sides finds in the tenant what it finds in the manifest that the tenant was made of."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_config import reconcile
from entra_config.lint import live, model, run, table, tenant
from entra_config.lint.model import Rule
from entra_config.manifest import loader
from entra_config.plan.options import Options
from entra_config.testing.populating import populate
from entra_emulator.embedded import Embedded
from tests.unit.lint.certificates import write as write_certificates
from tests.unit.lint.snippets import NOW, TENANT, marked
from tests.world import at_once, signed_in

RULES = table.built_in()
EVERY_WORD = frozenset(
    {"many", "last", "delete", "restore", "used", "dangerous", "takeover", "sink", "unseen"}
)
HOSTS = {"gone.example.com": False}
# What a tenant made of the example does not show, and why.
OTHERWISE = {
    "aad-graph": "the emulator has no such API, so nothing asks it for anything",
    "cert-weak": "Graph sends no bytes of a certificate in a list",
    "owner-none": "who creates an application owns it",
    "owner-single": "who creates an application owns it too",
    "redirect-http": "Graph takes no new one; old registrations have it",
}
BOTH = [rule for rule in RULES.values() if {"manifest", "live"} <= {*rule.on} and rule.id not in OTHERWISE]
CONSENTS = "policy: { consent: { Microsoft Graph: { application: [User.Read.All, Group.Read.All] } } }"


@pytest.mark.parametrize("rule", BOTH, ids=lambda rule: rule.id)
def test_the_tenant_has_what_the_manifest_says(rule: Rule, tmp_path: Path) -> None:
    """Applied on the emulator, the bad example is found again, of the same application, and the good one
    is not.
    """
    for text, found in ((rule.bad, True), (rule.good, False)):
        folder = tmp_path / str(found)
        folder.mkdir()
        reported = asyncio.run(_reported(rule, marked(text)[0], folder))
        assert (bool(reported["manifest"]), bool(reported["live"])) == (found, found), reported
        assert {hit.application for hit in reported["live"]} == {
            hit.application for hit in reported["manifest"]
        }


async def _reported(rule: Rule, text: str, folder: Path) -> dict[str, list[model.Hit]]:
    path = folder / "entra-config.yaml"
    path.write_text(text.replace(f"{TENANT} }}", f"{TENANT}, {CONSENTS} }}"), encoding="utf-8")
    write_certificates(folder, text, NOW)
    loaded = loader.loaded(path)[-1]
    requested = model.LintRequest({rule.id: rule}, NOW, (loaded.manifest.environment,), "auditor", HOSTS)
    embedded = Embedded.create()
    populate(embedded.directory, loaded.manifest)
    async with await signed_in(embedded) as graph:
        planned = await reconcile.plan(loaded.manifest, graph, Options(EVERY_WORD), now=NOW)
        outcome = await reconcile.apply(planned, graph, sleep=at_once)
        assert not outcome.failed, outcome.failed
        read = await tenant.read(graph, loaded.manifest)
    (view,) = run.manifest_views([loaded], requested)
    seen = run.tenant_views([view], {loaded.manifest.environment: read})[0]
    assert live.subjects(view.manifest, view.subjects, read)
    return {"manifest": list(rule.check(view)), "live": list(rule.check(seen))}


def test_what_is_otherwise_is_a_rule_on_both_sides() -> None:
    """Nothing is left out that would be tried, or that there is not."""
    assert all({"manifest", "live"} <= {*RULES[name].on} for name in OTHERWISE)
    assert len(BOTH) > 35
