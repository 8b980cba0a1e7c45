"""Twenty changes made by hand: every report names each, who did it and when, and nothing else."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

from entra_config.drift.model import Drift, Finding
from entra_config.report import drift_html, drift_json, drift_markdown, drift_sarif, drift_text
from tests.unit.drift.edited import Tenant
from tests.unit.drift.stories import known
from tests.unit.drift.twenty_changes import twenty_changes


@pytest.fixture(scope="module")
def story() -> tuple[Tenant, Drift]:
    """Return the tenant after the twenty changes, and its drift an hour later."""

    async def tell() -> tuple[Tenant, Drift]:
        tenant = Tenant()
        await tenant.deploy()
        await twenty_changes(tenant)
        tenant.clock.advance(3_600)
        return tenant, await tenant.check()

    return asyncio.run(tell())


def _of(drift: Drift, sentence: str) -> list[Finding]:
    return [finding for finding in drift.findings if finding.sentence.startswith(sentence)]


def test_every_change_is_one_finding_and_nothing_else_is(story: tuple[Tenant, Drift]) -> None:
    """Twenty changes, twenty findings, each told as what was done."""
    tenant, drift = story

    assert len(tenant.expected) == 20
    for _, sign, sentence in tenant.expected:
        assert [finding.sign for finding in _of(drift, sentence)] == [sign], sentence
    assert len(drift.findings) == 20, [finding.sentence for finding in drift.findings]


def test_every_finding_names_who_and_when(story: tuple[Tenant, Drift]) -> None:
    """The audit log proves each of them: actor and minute. Which flag, and which audience, it does not."""
    tenant, drift = story

    for who, _, sentence in tenant.expected:
        (finding,) = _of(drift, sentence)
        found = finding.attribution
        expected = who if who == "Emulator admin" else f"{who}@contoso.com"
        vague = sentence.startswith(("web.implicitGrantSettings", "signInAudience"))
        assert known(found) == ("possible" if vague else "exact", expected), (sentence, found)
        assert found.when is not None
        assert abs(found.when - tenant.times[sentence]) < timedelta(seconds=60), sentence


def test_every_finding_has_its_line_in_the_manifest(story: tuple[Tenant, Drift]) -> None:
    """What is declared, or its application, has a line to point to."""
    _, drift = story

    missing = [
        finding.sentence for finding in drift.findings if finding.position is None and finding.sign != "added"
    ]
    assert missing == []


class TestReports:
    """The same drift in every format."""

    def test_text_tells_each_finding(self, story: tuple[Tenant, Drift]) -> None:
        """Each sentence and each actor is there."""
        text = drift_text.render(story[1])

        assert all(finding.sentence in text for finding in story[1].findings)
        assert "by alice@contoso.com" in text

    def test_json_is_versioned_and_holds_no_secret(self, story: tuple[Tenant, Drift]) -> None:
        """A consumer can tell what it reads."""
        document = json.loads(drift_json.render(story[1]))

        assert (document["version"], document["drifted"], len(document["findings"])) == (2, True, 20)
        assert "secretText" not in json.dumps(document)

    def test_json_is_as_its_published_schema_says(self, story: tuple[Tenant, Drift]) -> None:
        """What other programs read is valid under docs/schemas/drift.schema.json."""
        schema = json.loads(Path("docs/schemas/drift.schema.json").read_text(encoding="utf-8"))
        validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())

        validator.validate(json.loads(drift_json.render(story[1])))

    def test_markdown_names_people_only_when_asked(self, story: tuple[Tenant, Drift]) -> None:
        """An issue is read by more people than the audit log is."""
        assert "alice@contoso.com" not in drift_markdown.render(story[1])
        assert "alice@contoso.com" in drift_markdown.render(story[1], people=True)

    def test_markdown_names_the_role_and_the_application_of_an_assignment(
        self, story: tuple[Tenant, Drift]
    ) -> None:
        """Who reads the issue sees what was given, and two users as two."""
        given = [each for each in story[1].findings if each.rule == "assignment-added"]

        assert given
        for finding in given:
            role = finding.sentence.partition(" assigned to ")[0]
            assert f"{role} assigned to a user (" in drift_markdown.render(story[1])

    def test_sarif_points_to_lines_and_is_stable(self, story: tuple[Tenant, Drift]) -> None:
        """Each result has one location in the repository and a fingerprint of its own."""
        log = drift_sarif.document(story[1], root="manifests/entra-config.yaml")
        results = log["runs"][0]["results"]

        assert len({result["partialFingerprints"]["primaryLocationLineHash"] for result in results}) == 20
        assert all(
            result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1 for result in results
        )

    def test_html_asks_for_nothing(self, story: tuple[Tenant, Drift]) -> None:
        """The page is whole by itself: no script, no link, no image."""
        page = drift_html.render(story[1])

        assert page.count("<article") == 20
        assert not any(word in page for word in ("<script", "src=", "@import", "url("))
        assert page.count('href="') == page.count('href="#')
