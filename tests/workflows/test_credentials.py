"""Every week: what is due is rotated behind the approval, key ids are proposed, what else ends is an
issue.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.manifests import WEB
from tests.workflows.estate import Estate, pulls
from tests.workflows.runs import assert_all

ROOT = "manifests/entra-config.yaml"


def prepared(estate: Estate) -> None:
    """Have bootstrap write the workflow where its file begins to stand, and apply its subjects."""
    estate.start()
    workflow = estate.desk / ".github/workflows/entra-credentials.yml"
    workflow.write_text("# To be written by `entra-config bootstrap github`\n", encoding="utf-8")
    estate.bootstrap("--apply", "--allow", "dangerous", "--auto-approve")
    estate.commit("Credentials every week")
    estate.git("push", "--quiet", "origin", "HEAD:main")


def web(estate: Estate) -> dict[str, Any]:
    """Return the application whose secret it is."""
    (found,) = estate.graph("GET", "/applications?$filter=displayName eq 'MyApp Web'")["value"]
    return dict(found)


@pytest.mark.pipelines
def test_a_week(estate: Estate, tmp_path: Path) -> None:
    """Nobody is asked for nothing; a new sink is refused until it is allowed; then the secret is made."""
    prepared(estate)
    jobs = estate.week()
    assert_all(jobs, "success", "skipped")
    assert jobs["rotate-prod"].skipped
    assert jobs["rotate-dev"].skipped

    kept = tmp_path / "web"
    estate.start()
    estate.edit(ROOT, "  - path: access.yaml\n", "  - path: access.yaml\n  - path: web.yaml\n")
    estate.edit(
        ROOT, "    protected: true\n", f"    protected: true\n    sinks: {{ web: {{ file: {kept} }} }}\n"
    )
    (estate.desk / "manifests/web.yaml").write_text(WEB, encoding="utf-8")
    sha = estate.commit("A web application")
    estate.git("push", "--quiet", "origin", "HEAD:main")
    jobs = estate.by_hand(sha, environment="prod", allow="sink unseen")
    assert_all(jobs, "success", "skipped")

    jobs = estate.week()
    assert jobs["rotate-prod"].result == "failure"
    assert "the environment is protected; if that is intended: --allow sink" in jobs["rotate-prod"].log
    assert web(estate)["passwordCredentials"] == []

    jobs = estate.week(allow="sink")
    assert_all(jobs, "success", "skipped")
    (row,) = web(estate)["passwordCredentials"]
    value = kept.read_text(encoding="utf-8")
    assert row["hint"] == value[:3]
    (pull,) = pulls(estate, "prod")
    assert f"- `web/web`: `{row['keyId']}`" in pull["body"]
    assert f"      web: [{row['keyId']}]" in estate.runner.git(
        "show", "entra-config/pins-prod:manifests/entra-config.prod.lock.yaml"
    )
    spread = (
        "".join(each.log + each.summary + json.dumps(each.outputs) for each in jobs.values()) + pull["body"]
    )
    assert value not in spread

    app, soon = web(estate), (datetime.now(UTC) + timedelta(days=20)).strftime("%Y-%m-%dT%H:%M:%SZ")
    estate.graph(
        "POST",
        f"/applications/{app['id']}/addPassword",
        {"passwordCredential": {"displayName": "by hand", "endDateTime": soon}},
    )
    jobs = estate.week()
    (issue,) = [each for each in estate.hub.issues if each["state"] == "open"]
    assert issue["title"] == "Credentials that end in prod"
    assert "secret `by hand`" in issue["body"]
