"""`drift` around its report: formats, files, earlier reports, and what is compared with what."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from entra_config.cli import drift, formats, wiring
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


def test_what_puts_it_right_comes_next(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this cloud."""
    monkeypatch.delenv("ENTRA_CONFIG_CLOUD", raising=False)
    drift._next(Common(cloud="usgov", output=OUTPUT), DRIFT)
    said = "Next: entra-config plan -e dev --cloud usgov  shows what would put it right\n"
    assert capsys.readouterr() == (said, "")


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


DEPLOYED: Any = SimpleNamespace(commit="abc", name="deployed at noon", why="")
UNKNOWN: Any = SimpleNamespace(commit="", name="", why="no deployment yet")
THEN, NOW = manifest(owner="then"), manifest(owner="now")


@pytest.mark.parametrize(
    ("base", "shard", "last", "expected"),
    [
        (None, None, None, (NOW, drift.IN_HAND, True)),
        (None, None, DEPLOYED, (THEN, "deployed at noon", False)),
        (None, None, UNKNOWN, (NOW, drift.IN_HAND, True)),
        ("v1", None, DEPLOYED, (THEN, "as of v1", False)),
        (None, "shard", DEPLOYED, (NOW, drift.IN_HAND, True)),
        ("v1", "shard", None, (THEN, "as of v1", False)),
    ],
    ids=["files", "deployed", "unknown", "base", "fleet", "base of a fleet"],
)
def test_what_the_tenant_is_compared_with(  # noqa: PLR0917  # the columns of a table
    monkeypatch: pytest.MonkeyPatch, base: str | None, shard: Any, last: Any, expected: Any, tmp_path: Path
) -> None:
    """With a revision that was named, else with what was deployed last, else with the files as they are."""
    calls: list[Any] = []

    @asynccontextmanager
    async def graph(_: Common, tenant_id: str) -> Any:
        yield SimpleNamespace(tenant_id=tenant_id, ahead=None)

    async def run(*given: Any, **more: Any) -> str:
        calls.append((*given, more))
        return "drift"

    def manifest_of(path: Path, revision: str, whose: Any, placed: Any) -> Any:
        assert (path, whose, placed) == (Path("manifests"), NOW, shard)
        return THEN, f"as of {revision}"

    at = datetime(2026, 11, 1, tzinfo=UTC)
    monkeypatch.setattr(wiring, "manifest", lambda _: NOW)
    monkeypatch.setattr(wiring, "shard", lambda _: shard)
    monkeypatch.setattr(wiring, "now", lambda: at)
    monkeypatch.setattr(wiring, "graph", graph)
    monkeypatch.setattr("entra_config.drift.check.run", run)
    monkeypatch.setattr("entra_config.drift.base.manifest_of", manifest_of)
    monkeypatch.setattr("entra_config.drift.deployed.last", lambda *_: last)
    monkeypatch.setattr(drift, "_earlier", lambda path, whose: (path, whose))

    found: Any = asyncio.run(drift.check(Common(output=OUTPUT), base=base))
    assert found == "drift"
    compared, name, in_hand = expected
    more = {"now": at, "base": name, "since": None, "earlier": None, "unmanaged": False, "in_hand": in_hand}
    assert calls == [(NOW, compared, SimpleNamespace(tenant_id=TENANT, ahead=None), more)]
    asyncio.run(drift.check(Common(output=OUTPUT), base=base, since=at, last=tmp_path, unmanaged=True))
    assert calls[1][3] == {**more, "since": at, "earlier": (tmp_path, NOW), "unmanaged": True}


def test_why_nobody_knows_what_was_deployed_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where it is known nothing is."""
    for last, said in (
        (None, ""),
        (DEPLOYED, ""),
        (UNKNOWN, "compared with the files as they are: no deployment yet\n"),
    ):
        monkeypatch.setattr("entra_config.drift.deployed.last", lambda *_, last=last: last)
        assert drift._last_deployed(Common(output=OUTPUT), NOW) is last
        assert capsys.readouterr().err == said


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
    assert run("drift", "-e", "dev", "--write", str(report)).code == 0
    assert run("drift", "-e", "dev", "--last", str(report / "drift.json")).code == 0

    other = json.loads((report / "drift.json").read_text())
    (tmp_path / "other.json").write_text(json.dumps({**other, "environment": "prod"}))
    (tmp_path / "none.json").write_text("{}")
    for file, said in (
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
