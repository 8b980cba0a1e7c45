"""`drift` around its report: formats, files, earlier reports, and what is compared with what."""

from __future__ import annotations

import json
import random
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import drift, formats
from entra_config.cli.options import Common
from entra_config.cli.output import Output
from entra_config.errors import UsageError
from entra_config.report import (
    drift_history,
    drift_html,
    drift_json,
    lines,
)
from entra_emulator.embedded import Embedded
from tests.unit.cli.ran import Run
from tests.unit.report.drifts import sample

DRIFT = sample()
OUTPUT = Output(no_color=True)
TENANT = "11111111-1111-1111-1111-111111111111"


def rendered(form: Any, **how: Any) -> str:
    """Return the report in a format."""
    found = formats.DRIFT[form](report(**how))
    return found if isinstance(found, str) else lines.format_lines(found)


def report(**how: Any) -> formats.DriftReport:
    """Return what a format is made of."""
    return formats.DriftReport(Common(manifest=Path("m.yaml"), output=OUTPUT), DRIFT, **how)


def test_a_page_shows_what_was_open(tmp_path: Path) -> None:
    """Of this environment in this tenant."""
    (tmp_path / "a.json").write_text(drift_json.render(DRIFT))
    history = drift._tallies(tmp_path)
    whose = (DRIFT.project, DRIFT.environment, DRIFT.tenant.id)
    tallies = drift_history.tallies(history, whose)
    assert tallies
    assert rendered("html", history=history) == drift_html.render(DRIFT, earlier=tallies, how=None)


def test_earlier_reports_are_those_of_a_folder(tmp_path: Path) -> None:
    """By name; each JSON file in it must be one."""
    with pytest.raises(UsageError, match=r"^--history .*gone: there is no such folder$"):
        drift._tallies(tmp_path / "gone")
    assert drift._tallies(tmp_path) == []
    for name in ("b.json", "a.json", "c.txt"):
        (tmp_path / name).write_text(drift_json.render(DRIFT))
    assert [path.name for path, _ in drift._tallies(tmp_path)] == ["a.json", "b.json"]
    (tmp_path / "0.json").write_text("{}")
    with pytest.raises(UsageError) as refused:
        drift._tallies(tmp_path)
    head = f"--history {tmp_path}/0.json: no report of this version's `drift --format json`: "
    assert str(refused.value).startswith(head)
    assert "Field required" in str(refused.value)


def manifest(**changed: Any) -> Any:
    """Return an environment of a manifest."""
    whole = {"project": "myapp", "environment": "dev", "tenant_id": TENANT, "owner": "myapp/dev"}
    return SimpleNamespace(**{**whole, **changed})


def test_the_files_of_a_drift_report_are_their_owner_s_alone(run: Run, tmp_path: Path) -> None:
    """Reports name people: nobody else on the machine may read them, whatever stood there before."""
    report = tmp_path / "report"
    report.mkdir()
    (report / "drift.md").write_text("older")
    (report / "drift.md").chmod(0o644)
    run("apply", "-e", "dev", "--auto-approve")

    assert run("drift", "-e", "dev", "--write", str(report)).code == 0
    assert {path.stat().st_mode & 0o777 for path in report.iterdir()} == {0o600}
    assert len(list(report.iterdir())) == 5


def test_a_report_before_bounds_the_next_one(run: Run, tmp_path: Path) -> None:
    """`--last` takes the drift.json of before; a file that is none, or another project's, is said."""
    report = tmp_path / "report"
    run("apply", "-e", "dev", "--auto-approve")
    since = ("--since", "2026-01-01T00:00:00Z", "--unmanaged")
    assert run("drift", "-e", "dev", *since, "--write", str(report)).code == 0
    written = json.loads((report / "drift.json").read_text())
    assert (written["since"], bool(written["unmanaged"])) == ("2026-01-01T00:00:00Z", True)
    assert run("drift", "-e", "dev", "--last", str(report / "drift.json")).code == 0

    other = json.loads((report / "drift.json").read_text())
    (tmp_path / "other.json").write_text(json.dumps({**other, "environment": "prod"}))
    (tmp_path / "none.json").write_text("{}")
    (tmp_path / "old.json").write_text(json.dumps({**other, "version": 1}))
    for file, said in (
        (
            "old.json",
            "another version of entra-config. Remove the file and write a new one:\n  entra-config drift",
        ),
        ("other.json", "it is of myapp/prod"),
        ("none.json", "no report of this version's"),
        ("absent.json", "cannot be read"),
    ):
        refused = run("drift", "-e", "dev", "--last", str(tmp_path / file))
        assert refused.code == 1
        assert said in refused.err


@pytest.mark.parametrize("seed", range(60))
def test_a_report_with_an_impossible_time_is_refused(tmp_path: Path, seed: int) -> None:
    """Without a zone, in the future, or of year 1: whichever time of the report it is."""
    draw = random.Random(seed)
    path, document = tmp_path / "drift.json", json.loads(drift_json.render(DRIFT))
    times = [(document, "checkedAt"), (document, "since")]
    times += [(finding, "since") for finding in document["findings"]]
    owner, name = draw.choice(times)
    owner[name] = draw.choice(("2026-11-25T08:00:00", "2999-01-01T00:00:00Z", "0001-01-01T00:00:00Z"))
    path.write_text(json.dumps(document))
    with pytest.raises(UsageError, match=f"^--last {path}: .*{name}"):
        drift._earlier(path, manifest())


UNPROVEN = """\
project: p
environments: { dev: { tenantId: 11111111-1111-1111-1111-111111111111 } }
applications:
  api:
    type: api
    displayName: API
    appRoles: { Reader: { displayName: Reader, description: Reads., allowedMemberTypes: [Application] } }
  job: { type: daemon, displayName: Job }
"""
GRANTING = UNPROVEN.replace("1 } }", "1, protected: true, deployers: [Emulator deployer] } }").replace(
    "Job }", "Job, apiPermissions: { api: { application: [Reader], adminConsent: true } } }"
)


def test_a_grant_that_plan_withholds_is_drift_and_is_not_called_taken_away(
    run: Run, folder: Path, tenant: Embedded
) -> None:
    """Exit code 2 and one finding, which names the reason and the remedy: nobody took anything."""
    directory = tenant.directory.default
    below = folder / "withheld"
    below.mkdir()
    root = below / "entra-config.yaml"
    root.write_text(UNPROVEN)
    assert run("apply", "--auto-approve", "-f", str(below)).code == 0
    for app in [row for row in directory.applications if row["displayName"] in {"API", "Job"}]:
        directory.applications.put({**app, "createdByAppId": None})
    deployer = directory.one("servicePrincipals", "displayName", "Emulator deployer") or {}
    pins = f"tenantId: {TENANT}\nservicePrincipals: {{ Emulator deployer: {deployer['id']} }}\n"
    (below / "entra-config.dev.lock.yaml").write_text(pins)
    root.write_text(GRANTING)
    assert run("apply", "--auto-approve", "-f", str(below)).code == 3
    ran = run("drift", "--format", "json", "-f", str(below))
    assert ran.code == 2, ran.err
    (finding,) = json.loads(ran.out)["findings"]
    job = directory.one("applications", "displayName", "Job") or {}
    assert finding["sentence"] == (
        "api/Reader taken from job, or never given; plan withholds it: job is granted nothing new at api: "
        "nothing proves that it is ours; look, then `entra-config lock -e dev --accept "
        f"job={job['appId']}`, or `--reject {job['appId']}`"
    )
    assert finding["attribution"]["actor"]["kind"] == "unknown"
