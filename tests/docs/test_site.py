"""The site of the documentation: `python tools/docs` builds it, in Chromium it is whole, and its search finds
each code that the program can show.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from entra_emulator.login.catalogue import CATALOGUE
from tests.docs.session import PROJECT

TOOLS = PROJECT / "tools/docs"
sys.path.append(str(TOOLS))
import by_hand  # noqa: E402  # of tools/docs
import commands  # noqa: E402  # of tools/docs
import pages  # noqa: E402  # of tools/docs
import troubleshooting  # noqa: E402  # of tools/docs

SITE = PROJECT / "output/docs/site"
SHOWN_BY = ("entra_config/**/*.py", "entra_emulator/**/*.py", "spa/src/auth/problem.ts", "docs/**/*.md")


def shown() -> set[int]:
    """Return the numbers that the program, its emulator or the example page can show."""
    found = set(CATALOGUE)
    for pattern in SHOWN_BY:
        for path in PROJECT.glob(pattern):
            text = path.read_text(encoding="utf-8")
            found |= {int(each) for each in re.findall(r"AADSTS(\d{4,8})\b", text)}
            if path.suffix == ".ts":
                found |= {int(each) for each in re.findall(r'^\s+"(\d{5,8})": "', text, re.MULTILINE)}
    return found


def test_each_code_that_can_be_shown_has_what_to_do_about_it() -> None:
    """No code without a remedy, no remedy of a code that nothing shows."""
    assert set(troubleshooting.remedies()) == shown()
    assert all(each.strip().endswith(".") for each in troubleshooting.remedies().values())


def test_each_line_of_the_example_is_told_by_hand() -> None:
    """Each key of each registration has its place in the portal and its command."""
    keys = {key for application in by_hand.applications().values() for key in application}

    assert keys == set(by_hand.WAYS)
    assert all(f"## `{name}`" in by_hand.text() for name in by_hand.applications())


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("```console\nentra-config plam -e dev\n```", "no command plam"),
        ("```console\nentra-config plan --detailed\n```", "no option --detailed"),
        ("Then `entra-config emulator restart` it.", "no command emulator restart"),
        ("```bash\nentra-config plan \\\n  --fromat json\n```", "no option --fromat"),
        ("```console\nls\n```", "is not run"),
    ],
)
def test_what_is_wrong_with_a_command_is_told(text: str, reported: str) -> None:
    """An unknown command or option, and a block of which nobody says whether it runs."""
    assert any(reported in each for each in commands.problems("docs/new.md", f"# New\n\n{text}\n"))


def test_a_link_that_leads_nowhere_is_told() -> None:
    """In the repository, before the site is built; the program that builds it tells the rest."""
    with pytest.raises(pages.BrokenLinkError, match=r"docs/new.md: nowhere.md is not there"):
        pages.turned("[there](nowhere.md)", "docs/new.md")
    assert pages.turned("[c](../CHANGELOG.md)", "docs/new.md") == "[c](changelog.md)"
    readme = "[c](../README.md#who-gets-in-as-a-test) [d](../README.md#what-is-not-verified)"
    on_site = "[c](start.md#who-gets-in-as-a-test) [d](index.md#what-is-not-verified)"
    assert pages.turned(readme, "docs/new.md") == on_site
    assert (
        pages.turned("[e](#the-first-real-tenant)", "README.md")
        == "[e](first-tenant.md#the-first-real-tenant)"
    )


def test_the_navigation_is_the_shelves_of_the_readme() -> None:
    """Three shelves, each with its groups in the README's order, and the tasks below the first hour."""
    shelves = [entry for entry in pages.nav(pages.pages()) if isinstance(entry, dict)]

    assert [name for shelf in shelves for name in shelf] == ["Use", "Operate", "How it is built"]
    first_hour = shelves[0]["Use"][0]["First hour"]
    assert first_hour[:2] == ["start.md", "first-tenant.md"]
    assert first_hour[-1]["Tasks"][0] == "tasks/README.md"


def test_a_task_is_short_and_shows_what_can_go_wrong() -> None:
    """At most 60 lines, with its commands, what these show, and a section on what can go wrong."""
    tasks = [path for path in PROJECT.glob("docs/tasks/*.md") if path.name != "README.md"]

    for path in tasks:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 60, path.name
        assert "\n<!-- shows -->\n" in text, path.name
        assert "\n## What can go wrong\n" in text, path.name
        assert all(
            "run" in commands.said(f"docs/tasks/{path.name}", code) for code, _ in commands.blocks(text)
        )


@pytest.fixture(scope="module")
def site() -> Path:
    """Build the site."""
    built = subprocess.run([sys.executable, str(TOOLS)], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return SITE


@pytest.mark.docs
@pytest.mark.xdist_group("site")
def test_the_site_is_whole_in_a_browser(site: Path, tmp_path: Path) -> None:
    """Each page in both schemes: axe finds nothing, nothing is asked of another host or refused, diagrams are
    drawn, a phone is wide enough; the search finds each AADSTS code.
    """
    screenshots = PROJECT / "output/screenshots/docs"
    screenshots.mkdir(parents=True, exist_ok=True)
    words = [f"AADSTS{number}" for number in troubleshooting.remedies()]
    requested = tmp_path / "asked.json"
    requested.write_text(json.dumps({"site": str(site), "words": words, "screenshots": str(screenshots)}))
    ran = subprocess.run(
        ["node", str(TOOLS / "browse.mjs"), str(requested)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    reported = [json.loads(line) for line in ran.stdout.splitlines()]

    assert len([each for each in reported if "page" in each]) > 50
    assert [each for each in reported if each.get("complaints")] == []
    found = {each["word"]: each["found"] for each in reported if "word" in each}
    assert set(found) == set(words)
    assert [word for word, where in found.items() if not where] == []


@pytest.mark.docs
@pytest.mark.xdist_group("site")
def test_the_site_lists_its_pages_for_machines(site: Path) -> None:
    """llms.txt names each page, and each is there."""
    text = (site / "llms.txt").read_text(encoding="utf-8")
    listed = re.findall(r"\]\(([^)]+\.html)\)", text)

    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert set(listed) == built - {"404.html"}
