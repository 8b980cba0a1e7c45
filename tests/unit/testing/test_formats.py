"""Results for people, CI servers and comments: JSON under its schema, JUnit, Markdown, and what a change
does to tests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from entra_config.cli import main
from tests.unit.testing.conftest import MANIFEST, RunTests, Write

PUBLISHED = json.loads((Path(__file__).parents[3] / "docs/schemas/tests.schema.json").read_text())
TWO = """\
people: { alice@contoso.com: { memberOf: [Clerks] } }
tests:
- it: "lets `clerks` in & <out>"
  as: alice@contoso.com
  client: page
  asks: [api/read]
  expect: { token: { roles: [Boss.All] } }
- { it: keeps others out, as: { memberOf: [] }, client: page, asks: [api/write], expect: { refused: \
AADSTS65001 } }
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    """Run `test` and return its data."""
    assert main.main(["test", *arguments]) == code
    return capsys.readouterr().out


def test_json_is_valid_under_its_schema(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """What other programs read: counts, and of what fails claim, values, reasons and places."""
    write(TWO)
    found = json.loads(said(capsys, "--format", "json", code=1))
    jsonschema.validate(found, PUBLISHED)

    assert (found["tests"], found["failed"], found["edits"]) == (2, 1, None)
    (failure,) = found["results"][0]["failures"]
    assert (failure["claim"], failure["expected"], failure["found"]) == ("roles", "Boss.All", "Clerk")
    assert failure["places"][0]["file"] == "manifests/entra-config.yaml"
    assert found["results"][1] == {
        "name": "keeps others out",
        "environment": "dev",
        "position": {"file": "manifests/tests/a.yaml", "line": 8, "column": 5, "item": None},
        "passes": True,
        "failures": [],
    }


def test_junit_has_a_suite_for_each_environment(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """A case for each test, with file and line; a failure has the claim as message and the reasons as
    text.
    """
    write(TWO)
    root = ET.fromstring(said(capsys, "--format", "junit", code=1))
    (suite,) = root
    failing, passing = suite

    assert suite.attrib == {
        "name": "shop/dev",
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
        "time": "0.000",
    }
    assert failing.attrib["name"] == "lets `clerks` in & <out>"
    assert failing.attrib["line"] == "3"
    assert failing[0].attrib["message"] == "roles: expected Boss.All, the token has Clerk"
    assert "Clerk: through the group Clerks." in str(failing[0].text)
    assert len(passing) == 0


def test_k_chooses_by_name(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    """Part of a name in whatever case; several are any of them; none found is an error."""
    write(TWO)
    assert said(capsys, "-k", "OTHERS", code=0) == "1 access test passes in dev\n"
    assert said(capsys, "-k", "others", "-k", "clerks", code=1).endswith("1 of 2 access tests fails in dev\n")
    assert main.main(["test", "-k", "nobody"]) == 1
    assert "no access test is called like `nobody`" in capsys.readouterr().err


def test_without_tests_there_is_nothing_to_do(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, and it is said."""
    assert said(capsys, code=0) == "no access tests\n"


def test_what_a_change_does_to_tests_is_told_removed_ones_first(
    write: Write, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By name: gone, other in what it says or in who stands in it, new; one that only moved is none of
    them.
    """
    head = "people: {{ alice@contoso.com: {{ memberOf: [{group}] }} }}\n{more}tests:\n"
    line = (
        "- {{ it: {name}, as: {who}, client: page, asks: [api/read], expect: {{ token: {{ scp: {scp} }} "
        "}} }}\n"
    )
    alice, nobody = "alice@contoso.com", "{ memberOf: [] }"
    before = head.format(group="Clerks", more="") + "".join(
        line.format(name=name, who=who, scp="read")
        for name, who in (("goes", nobody), ("moves", nobody), ("says other", nobody), ("is other", alice))
    )
    write(before)
    old = folder / "old"
    (folder / "manifests").rename(old)
    (folder / "manifests/tests").mkdir(parents=True)
    (folder / "manifests/entra-config.yaml").write_text(MANIFEST)
    after = head.format(group="Bosses", more="groups: { Bosses: {} }\n") + "".join(
        line.format(name=name, who=who, scp=scp)
        for name, who, scp in (
            ("is new", nobody, "read"),
            ("moves", nobody, "read"),
            ("says other", nobody, "[read]\n  "),
            ("is other", alice, "read"),
        )
    )
    write(after.replace("says other, as: { memberOf: [] }", "says other, as: { memberOf: [Clerks] }"))

    assert said(capsys, "--base", "old", code=0).splitlines() == [
        "  - removed: goes",
        "  ~ changed: says other",
        "  ~ changed: is other",
        "  + added: is new",
        "4 access tests pass in dev",
    ]
    found = json.loads(said(capsys, "--base", "old", "--format", "json", code=0))
    jsonschema.validate(found, PUBLISHED)
    assert found["edits"] == {
        "removed": ["goes"],
        "changed": ["says other", "is other"],
        "added": ["is new"],
        "readError": "",
    }
    shown = said(capsys, "--base", "old", "--format", "markdown", code=0)
    assert re.findall(r"^[-!+] .*|^\w+ access tests: \d", shown, re.MULTILINE) == [
        "Removed access tests: 1",
        "- goes",
        "Changed access tests: 2",
        "! says other",
        "! is other",
        "Added access tests: 1",
        "+ is new",
    ]
    assert shown.startswith("### 4 access tests pass in dev; by this change 1 removed, 2 changed, 1 added\n")
    (old / "tests/a.yaml").write_text("tests: [none]")
    assert "the tests that were there cannot be read" in said(capsys, "--base", "old", code=0)


def test_markdown_says_what_fails_and_why_and_no_name_becomes_markup(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name is code, whatever it holds."""
    write(TWO)
    shown = said(capsys, "--format", "markdown", code=1)

    assert shown.startswith("### 1 of 2 access tests fails in dev\n")
    assert "**Fails:** ``lets `clerks` in & <out>`` in `dev`" in shown
    assert "- `roles: expected Boss.All, the token has Clerk`" in shown
    assert "  - change `manifests/entra-config.yaml:" in shown


@pytest.fixture
def certified(folder: Path) -> Callable[[int], None]:
    """Give the robot a certificate of one year."""

    def certify(year: int) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ci")])
        start = datetime(year, 1, 1, tzinfo=UTC)
        built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        dated = built.serial_number(1).not_valid_before(start).not_valid_after(start + timedelta(days=365))
        pem = dated.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
        (folder / "manifests/ci.pem").write_text(pem)
        robot = "displayName: Robot\n    federated"
        text = MANIFEST.replace(
            robot, robot.replace("    federated", "    certificates: { ci: ci.pem }\n    federated")
        )
        (folder / "manifests/entra-config.yaml").write_text(text)

    return certify


def test_annotations_stand_at_the_line_of_the_manifest(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """An error for each claim that is missed, and for what is wrong with a file of tests; nothing for what
    passes.
    """
    write(TWO)
    (reported,) = said(capsys, "--format", "github", code=1).splitlines()
    assert reported.startswith("::error file=manifests/entra-config.yaml,line=")
    assert (
        "title=access test in dev::lets `clerks` in & <out>: roles: expected Boss.All, the token has "
        "Clerk. Boss.All of Shop"
    ) in reported
    assert main.main(["test", "--format", "github"]) == 1
    assert "1 of 2 access tests fails in dev" in capsys.readouterr().err
    write("tests: [none]")
    assert said(capsys, "--format", "github", code=1).startswith(
        "::error file=manifests/tests/a.yaml,line=1,col=9,"
    )


@pytest.mark.parametrize(("year", "after"), [(2026, "2027-02-01"), (2025, "2026-02-01")])
def test_a_certificate_works_while_its_dates_say_so(
    year: int, after: str, certified: Callable[[int], None], run_tests: RunTests
) -> None:
    """`certificate` signs as its owner would; `at` moves the clock, and the dates are those of the
    manifest's certificate.
    """
    certified(year)
    line = "- {{ it: {name}, client: robot, certificate: ci, asks: [api/.default], {at}expect: {expect} }}\n"
    refused = "{ refused: AADSTS700027 }"
    found = run_tests(
        "tests:\n"
        + line.format(
            name="now",
            at="",
            expect="{ token: { roles: [Robot], azpacr: '2' } }" if year == 2026 else refused,
        )
        + line.format(name="later", at=f"at: {after}, ", expect=refused)
        + line.format(name="just in time", at=f"at: {year}-12-31T23:00:00Z, ", expect="{ token: {} }")
    )

    assert [(result.test.name, result.failures) for result in found.results] == [
        ("now", ()),
        ("later", ()),
        ("just in time", ()),
    ]
