"""The pages of docs/fidelity/ contain what the tests show."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance import fidelity, sources
from tests.conformance.conftest import FOUND

ROOT = Path(__file__).parents[2]


def test_document_is_current(request: pytest.FixtureRequest) -> None:
    """docs/fidelity/ has the pages that the markers give: of this run's own tests where it has found all,
    else of a run that does nothing but find them.
    """
    found = request.config.stash[FOUND]
    if {item.path for item in found} == set((ROOT / "tests/conformance").rglob("test_*.py")):
        texts = fidelity.render(fidelity.rows(found))
    else:
        code = (
            "from tests.conformance.fidelity import write; import json, sys; json.dump(write(), sys.stderr)"
        )
        texts = json.loads(
            subprocess.run(
                [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
            ).stderr
        )
    written = {path.stem: path.read_text(encoding="utf-8") for path in fidelity.FOLDER.glob("*.md")}
    assert texts == written, "run: python -m tests.conformance.fidelity"


def page() -> str:
    """Return the text of all pages."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(fidelity.FOLDER.glob("*.md")))


def facts() -> list[list[str]]:
    """Return the rows of facts: what, documented, recorded, grade, source, verdict, tests."""
    rows = [line.strip("| ").split(" | ") for line in page().splitlines() if line.startswith("| ")]
    return [row for row in rows if len(row) == 7 and row[3] in set("RDCS")]


def test_each_source_is_one_that_a_reader_can_open() -> None:
    """A fact without one is uncertain and says so; no number of notes that nobody has is cited."""
    assert len(facts()) > 450
    linked = [row for row in facts() if "](" in row[4]]
    assert len(linked) > 0.95 * len(facts())
    assert [row[0] for row in facts() if row not in linked and (row[3], row[5]) != ("S", "uncertain")] == []
    assert re.findall(r"§|\bIDX:|\| [ABR]\d+(?:\.\d+)? ", page()) == []


def test_each_fact_says_when_it_was_seen() -> None:
    """A month, marked if it is more than two years before the newest answer, or why there is none."""
    columns = [(row[1], row[2], row[3]) for row in facts()]
    months = {recorded for _, recorded, _ in columns if recorded[:2] == "20"}
    assert max(months)[:4] == sources.newest()[:4]
    newest = int(sources.newest()[:4]) * 12 + int(sources.newest()[5:])
    for month in months:
        age = newest - int(month[:4]) * 12 - int(month[5:7])
        assert month.endswith(", old") == (age > 24), month
    assert {each for each in columns if each[1] == "documented only" and each[0] == "no"} == set()
    assert {recorded for _, recorded, _ in columns} - months == {"undated", "documented only", "never seen"}


def test_each_link_is_whole() -> None:
    """An address of a host that is known for such sources, or a file that is here."""
    hosts = {
        "github.com",
        "learn.microsoft.com",
        "login.microsoftonline.com",
        "docs.oasis-open.org",
        "openid.net",
        "registry.terraform.io",
        "blogs.aaddevsup.xyz",
        "www.rfc-editor.org",
    }
    for to in set(re.findall(r"\]\(([^)]+)\)", page())):
        host = re.fullmatch(r"https://([\w.-]+)(?:/[\w./?=#&%-]*)?", to)
        assert host[1] in hosts if host else (fidelity.FOLDER / to).exists(), to


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("msal-js#766, #767", ["AzureAD/microsoft-authentication-library-for-js/issues/766", "issues/767"]),
        ("anomalyco/opencode#12308", ["https://github.com/anomalyco/opencode/issues/12308"]),
        ("device-update, device resource documentation", ["graph/api/device-update", "api/resources/device"]),
        ("ED:reply-url; the words were not seen", ["identity-platform/reply-url", ""]),
        ("RFC 6749 2.3.1, TF consistency.go", ["rfc/rfc6749", "terraform-provider-azuread"]),
        ("AADSTS700027", ["error?code=700027"]),
        ("what somebody said", [""]),
    ],
)
def test_a_citation_is_turned_to_its_place(source: str, places: list[str]) -> None:
    """A remark has none."""
    found = [part.place for part in sources.cite(source)]
    assert len(found) == len(places)
    assert all(bool(is_so) == bool(said) and said in is_so for is_so, said in zip(found, places, strict=True))
