"""The way from one writer for two environments to one for each, as docs/workflows.md has it, command by
command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from entra_config.cli.options import Session
from entra_config.graph.token import FixedToken, Identity
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run

ROOT = Path("manifests/entra-config.yaml")
LOCK = Path("manifests/entra-config.prod.lock.yaml")
OLD, NEW = "MyApp Writer (dev)", "MyApp Writer (prod)"
OWNERS = """\
    overrides:
      applications:
        api: { owners: [MyApp Writer (prod)] }
        spa: { owners: [MyApp Writer (prod)] }
        nightly: { owners: [MyApp Writer (prod)] }
"""


@contextmanager
def signed_in(run: Run, tenant: Embedded, environment: str) -> Iterator[None]:
    """Run commands as the writer that the seed has for an environment."""
    caller = tenant.app_caller(seed.WRITERS[environment][0])
    identity = Identity(caller.tid, caller.oid, caller.appid, "")
    with run.signed_in(Session(tenant.transport(), FixedToken(tenant.token(caller), identity))):
        yield


def edit(path: Path, before: str, after: str) -> None:
    """Replace a text that is there once."""
    text = path.read_text()
    assert text.count(before) == 1, before
    path.write_text(text.replace(before, after))


def planned(run: Run) -> dict[str, Any]:
    """Return the plan of prod as a document."""
    document: dict[str, Any] = json.loads(run("plan", "-e", "prod", "--format", "json").out)
    return document


def owners(tenant: Embedded) -> set[frozenset[str]]:
    """Return who owns prod's applications, by name: one set where they are owned alike."""
    directory = tenant.directory.default
    names = {
        principal["id"]: principal["displayName"]
        for app_id, _ in seed.WRITERS.values()
        if (principal := directory.service_principal_by_app_id(app_id)) is not None
    }
    apps = [app for app in directory.applications if "entra-config:owner=myapp/prod" in app["tags"]]
    assert len(apps) == 3
    return {frozenset(names[id_] for id_ in directory.owners.targets(app["id"])) for app in apps}


def test_one_writer_becomes_two_without_a_gap(run: Run, tenant: Embedded) -> None:
    """Pin all, add the new writer, apply, take the old one out: nothing is withheld on the way, and the
    old one owns nothing.
    """
    edit(ROOT, f"deployers: [{NEW}]", f"deployers: [{OLD}]")
    assert run("lock", "-e", "prod").code == 0
    with signed_in(run, tenant, "dev"):
        assert run("apply", "-e", "prod", "--auto-approve").code == 0
    assert owners(tenant) == {frozenset({OLD})}
    assert f"{OLD} deploys dev and prod" in run("doctor", "-e", "prod").out

    assert run("lock", "-e", "prod").code == 0
    assert LOCK.read_text().count("    appId: ") == 3

    edit(ROOT, f"deployers: [{OLD}]   #", f"deployers: [{OLD}, {NEW}]   #")
    edit(ROOT, "    overrides:\n      settings:", f"{OWNERS}      settings:")
    assert run("lock", "-e", "prod").code == 0
    with signed_in(run, tenant, "dev"):
        assert run("apply", "-e", "prod", "--auto-approve").code == 0
    assert owners(tenant) == {frozenset({OLD, NEW})}
    with signed_in(run, tenant, "prod"):
        assert run("plan", "-e", "prod", "--detailed-exitcode").code == 0, "the new one finds nothing to do"

    edit(ROOT, f"deployers: [{OLD}, {NEW}]", f"deployers: [{NEW}]")
    with signed_in(run, tenant, "prod"):
        plan = planned(run)
        assert plan["withheld"] == []
        assert plan["steps"] == 3
        assert [plan["summary"][name] for name in ("add", "change", "remove")] == [0, 0, 3]
        assert run("apply", "-e", "prod", "--auto-approve").code == 0
        assert run("plan", "-e", "prod", "--detailed-exitcode").code == 0
    assert owners(tenant) == {frozenset({NEW})}
    assert "deployers" not in run("doctor", "-e", "prod").out
