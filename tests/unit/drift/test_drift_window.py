"""From when a finding is known to be younger: a deployment, a report before, and how much of the log is
read for it.
"""

from __future__ import annotations

import asyncio
import json
import random
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from entra_config.drift import log
from entra_config.drift.earlier import Earlier, digest, opened
from entra_config.drift.model import Drift, Finding
from entra_config.errors import Position
from entra_config.graph.request import Request, Response
from entra_config.manifest import loader
from entra_config.manifest.model import Manifest
from entra_config.manifest.policy import Acknowledged
from entra_config.report import drift_json
from entra_config.resource import Address
from tests.unit.drift.edited import Tenant
from tests.unit.drift.stories import HOUR, rename, uris

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DEPLOYED, REPORTED = NOW - timedelta(days=3), NOW - timedelta(days=1)
URI = Finding(
    Address("application", "spa"),
    "added",
    "redirect-uri-added",
    "redirect URI",
    "spa.redirectUris",
    element="https://x/",
)
SECRET = replace(URI, rule="secret-added", path="passwordCredentials", element="key-1", mended=False)
EXTERNAL = replace(
    URI,
    address=Address("application", "api"),
    rule="undeclared-holder-added",
    path="appRoleAssignedTo",
    mended=False,
)


@pytest.fixture(scope="module")
def manifest() -> Manifest:
    """Return the worked example."""
    return loader.load(Path("manifests"), "dev")


def report(manifest: Manifest, **more: Any) -> Earlier:
    """Return a report of yesterday that found nothing, unless told otherwise."""
    return Earlier(REPORTED, digest(manifest), **more)


def test_a_deployment_tells_of_what_an_apply_mends(manifest: Manifest) -> None:
    """A redirect URI was taken away by the deployment; a secret may be there for years."""
    assert opened(URI, DEPLOYED, None, manifest) == DEPLOYED
    assert opened(SECRET, DEPLOYED, None, manifest) is None


@pytest.mark.parametrize("finding", [URI, SECRET, EXTERNAL], ids=lambda each: each.rule)
def test_a_report_tells_of_whatever_it_has_not_got(manifest: Manifest, finding: Finding) -> None:
    """What yesterday's report did not find was done since; what it found is as old as that report says."""
    assert opened(finding, DEPLOYED, report(manifest), manifest) == REPORTED
    known = report(manifest, since={finding.fingerprint: DEPLOYED})
    assert opened(finding, None, known, manifest) == DEPLOYED
    assert opened(finding, None, report(manifest, since={finding.fingerprint: None}), manifest) is None


def test_a_report_against_another_manifest_tells_nothing_of_what_it_has_not_got(manifest: Manifest) -> None:
    """It may have been there, and declared; where things stand in the files is no other manifest."""
    other = replace(manifest, applications=dict(list(manifest.applications.items())[1:]))
    assert opened(URI, None, report(other), manifest) is None
    spa = manifest.applications["spa"]
    moved = replace(
        manifest,
        applications={**manifest.applications, "spa": replace(spa, position=Position("else.yaml", 99, 1))},
    )
    assert opened(URI, None, report(moved), manifest) == REPORTED


def test_a_report_tells_nothing_of_what_hung_on_a_missing_object(manifest: Manifest) -> None:
    """While an application is deleted no report can find its redirect URI; it comes back with it."""
    gone = report(manifest, gone=frozenset({"spa"}))
    assert opened(URI, None, gone, manifest) is None
    client = replace(URI, address=Address("authorizedClient", "spa/api"), keys=frozenset({"spa", "api"}))
    assert opened(client, None, gone, manifest) is None
    assert opened(EXTERNAL, None, gone, manifest) == REPORTED


def test_a_report_tells_nothing_of_what_a_missing_client_lost(manifest: Manifest) -> None:
    """Its scopes went with the client: it may come back without one of them. What it got is younger."""
    client = Address("authorizedClient", "spa/api")
    lost = Finding(client, "removed", "entry-of-scopes-removed", "s", "scopes", element="see")
    gone = report(manifest, gone=frozenset({str(client)}))
    assert opened(lost, None, gone, manifest) is None
    assert opened(replace(lost, sign="added"), None, gone, manifest) == REPORTED
    assert opened(lost, None, report(manifest), manifest) == REPORTED


def test_what_was_acknowledged_for_a_time_may_be_old(manifest: Manifest) -> None:
    """Yesterday's report was silent because somebody said so: when it came nobody knows."""
    until = Acknowledged("a", until=date(2026, 11, 19))
    lapsed = replace(manifest, acknowledged={"api": (until,)})
    assert opened(EXTERNAL, None, report(lapsed), lapsed) is None
    forever = replace(manifest, acknowledged={"api": (replace(until, until=None),)})
    assert opened(EXTERNAL, None, report(forever), forever) == REPORTED


def test_a_report_is_read_back_as_it_was_written() -> None:
    """Of a real report: when it was made, and from when each finding was known to be younger."""

    async def tell() -> tuple[Drift, Drift]:
        tenant = Tenant()
        await tenant.deploy()
        await uris(tenant, "alice", add="https://first.example/")
        tenant.clock.advance(HOUR)
        first = await tenant.check()
        earlier, _ = drift_json.read(drift_json.render(first).encode())
        await rename(tenant, "grace", "Second")
        tenant.clock.advance(HOUR)
        return first, await tenant.check(earlier=earlier)

    first, second = asyncio.run(tell())
    assert {each.path: each.good_at for each in first.findings} == {"spa.redirectUris": first.since}
    assert {each.path: each.good_at for each in second.findings} == {
        "spa.redirectUris": first.since,
        "displayName": first.checked_at,
    }
    assert {each.path: each.attribution.actor.name for each in second.findings} == {
        "spa.redirectUris": "alice@contoso.com",
        "displayName": "grace@contoso.com",
    }


@pytest.mark.parametrize("number", range(12))
def test_an_edited_report_makes_no_proven_actor_unknown(number: int) -> None:
    """Whatever its times are, and whatever was taken out of it: who is proven without the report is named
    with it too.
    """
    draw = random.Random(number)

    async def tell() -> tuple[Drift, Drift]:
        tenant = Tenant()
        await tenant.deploy()
        report = ""
        for step in range(4):
            who = draw.choice(["alice", "grace"])
            if step < 3:
                await uris(tenant, who, add=f"https://site{step}.example/")
            else:
                await rename(tenant, who, f"Name {step}")
            tenant.clock.advance(draw.choice([60, HOUR, 5 * HOUR]))
            if step == 1 or not report:
                report = drift_json.render(await tenant.check())
        tenant.clock.advance(HOUR)
        return await tenant.check(), await tenant.check(earlier=edited(report, draw, tenant.clock.now()))

    without, with_ = asyncio.run(tell())
    proven, named = (
        {
            each.identity: each.attribution.actor.name
            for each in drift.findings
            if each.attribution.grade == "exact"
        }
        for drift in (without, with_)
    )
    assert proven
    assert named == proven | named
    assert {each.identity for each in with_.findings} == {each.identity for each in without.findings}


def edited(report: str, draw: random.Random, now: datetime) -> Earlier:
    """Return what a report says after somebody edited its times, and took findings out of it."""
    document = json.loads(report)
    moment = (now - timedelta(seconds=draw.choice([0, 60, HOUR, 30 * HOUR]))).isoformat()
    document["checkedAt"] = moment
    document["findings"] = [each for each in document["findings"] if draw.random() < 0.5]
    for each in document["findings"]:
        each["since"] = draw.choice([None, moment])
    return drift_json.read(json.dumps(document).encode())[0]


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"version": 2}'])
def test_what_is_no_report_is_refused(text: bytes) -> None:
    """Another file, or one of another version."""
    with pytest.raises(ValidationError):
        drift_json.read(text)


class Pages:
    """A log of so many pages of one record each, an hour apart, newest first; what is asked for is
    remembered.
    """

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.requested: list[str] = []

    async def send(self, requests: Any) -> list[Response]:
        """Answer each request with a page."""
        self.requested += [str(request.path) for request in requests]
        return [Response(200, {"value": [self.record(self.number(request))]}) for request in requests]

    def page(self, request: Request, response: Response) -> tuple[list[dict[str, Any]], Request | None]:
        """Return the page's items, and the next page until there is none."""
        number = self.number(request)
        following = Request("GET", f"/next?page={number + 1}") if number + 1 < self.pages else None
        return response.body["value"], following

    @staticmethod
    def number(request: Request) -> int:
        """Return which page a request is for."""
        return int(str(request.path).rpartition("page=")[2]) if "page=" in str(request.path) else 0

    @staticmethod
    def record(number: int) -> dict[str, Any]:
        """Return the record of a page."""
        time = NOW - timedelta(hours=number)
        return {
            "id": f"r{number}",
            "result": "success",
            "activityDateTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
            "activityDisplayName": "Update application",
            "targetResources": [{"id": "app-1"}],
        }


def read(pages: int, *findings: Finding) -> tuple[Any, Pages]:
    """Read such a log for these findings."""
    there = Pages(pages)
    return asyncio.run(log.read(there, findings, now=NOW)), there


def test_the_log_is_read_from_when_the_first_window_opens() -> None:
    """A finding that nobody knows the age of needs all that the log keeps; else the oldest window does."""
    known = replace(URI, subjects=("app-1",), good_at=REPORTED)
    found, there = read(1, known, replace(known, good_at=DEPLOYED))
    assert found.since == DEPLOYED - log.SKEW
    assert f"activityDateTime%20ge%20{found.since:%Y-%m-%dT%H:%M:%SZ}" in there.requested[0]
    assert read(1, known, replace(known, good_at=None))[0].since == NOW - log.RETENTION


def test_more_records_than_are_read_is_a_warning_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever floods the log hides what was before; the report says so, and answers what it can."""

    async def tell() -> Drift:
        tenant = Tenant()
        await tenant.deploy()
        await rename(tenant, "alice", "Before the flood")
        spa = tenant.renamed
        for number in range(12):
            await tenant.send(
                "grace", "PATCH", f"/applications/{spa}", {"serviceManagementReference": f"T-{number}"}
            )
        tenant.clock.advance(HOUR)
        return await tenant.check()

    monkeypatch.setattr(log, "MOST_PAGES", 2)
    monkeypatch.setattr(log, "PAGE", 5)
    drift = asyncio.run(tell())
    (finding,) = drift.findings
    assert (finding.attribution.grade, finding.attribution.reason) == ("none", "not_read")
    assert any("the audit log has more than 2 pages" in str(notice.message) for notice in drift.warnings)


def test_a_manifest_is_the_same_in_whatever_folder_it_stands(tmp_path: Path) -> None:
    """`--base` reads it out of a folder of its own each time; another word in it is another manifest."""
    example = Path(__file__).parents[3] / "manifests"
    for name in ("one", "two"):
        shutil.copytree(example, tmp_path / name)
    here, there = (digest(loader.load(tmp_path / name, "dev")) for name in ("one", "two"))
    file = tmp_path / "two/applications/api.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("MyApp API", "Our API", 1), encoding="utf-8")

    assert here == there
    assert digest(loader.load(tmp_path / "two", "dev")) != here
