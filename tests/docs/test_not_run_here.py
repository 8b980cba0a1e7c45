"""docs/not-run-here.md is complete: what no test runs is in its list with the pages that show it, and each of
these says so before anything else.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import PurePosixPath

import pytest

from tests.docs.session import PROJECT

sys.path.append(str(PROJECT / "tools/docs"))
import commands  # of tools/docs
import pages  # of tools/docs

LIST = "docs/not-run-here.md"
START = "README.md#what-is-not-verified"
# What stands in a block of a page, and words of the row of the list that is about it.
FOREIGN = {
    r"^(?:docker|az acr)\b": "Docker",
    r"^gh ": "`gh`|a release",
    r"^glab ": "`glab`",
    r"^bootstrap github|entra-config bootstrap github|uses: .*entra-config": "GitHub itself",
    r"entra-config bootstrap gitlab": "GitLab itself",
    r"^aws |--credential aws": "AWS",
    r"AzureCLI@2": "Azure DevOps",
    r"^import .*testcontainers|^var .*Testcontainers|new ContainerBuilder": "Java and .NET",
    r"^(?:resource \"azuread|extension microsoftGraph|AADApplication )": "Terraform, Bicep",
}


def rows() -> list[tuple[str, set[str]]]:
    """Return what is not run, and the pages that show it, as paths in the repository."""
    text = (PROJECT / LIST).read_text(encoding="utf-8")
    found = re.findall(r"^\| (.+?) \| (.+?) \| .+ \|$", text, re.MULTILINE)[1:]
    return [
        (
            what,
            {os.path.normpath(PurePosixPath(LIST).parent / to) for to in re.findall(r"\]\((.+?)\)", shown)},
        )
        for what, shown in found
    ]


def opening(text: str) -> str:
    """Return the first paragraph below a page's heading."""
    below = re.sub(r"<!--.*?-->", "", text.partition("\n")[2], flags=re.DOTALL)
    return next(each for each in below.split("\n\n") if each.strip())


def shown_on(text: str) -> set[str]:
    """Return the kinds of foreign things that the blocks of a page show."""
    code = [each["code"].replace("\\\n", " ") for each in commands.FENCE.finditer("\n" + text)]
    return {row for sign, row in FOREIGN.items() if any(re.search(sign, each, re.MULTILINE) for each in code)}


SOURCES = pages.sources()
REFERENCE = {page for page in SOURCES if page.startswith("docs/cli/")}
ROWS = rows()
PAGES = {page for _, shown in ROWS for page in shown}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_that_shows_what_is_not_run_says_so_first(page: str) -> None:
    """By a link to the list in its first paragraph; the start has a section of its own for it."""
    if page == START:
        text = SOURCES["README.md"]
        assert "\n## What is not verified\n\nNo real tenant" in text
        return
    to = os.path.relpath(LIST, PurePosixPath(page).parent)
    assert f"]({to})" in opening(SOURCES[page])


def test_each_row_names_where_it_is_shown() -> None:
    """And nothing else: a row without a page would be about nothing that anybody sees."""
    assert len(ROWS) > 15
    assert [what for what, shown in ROWS if not shown] == []


@pytest.mark.parametrize("page", sorted(set(SOURCES) - {"README.md", "CHANGELOG.md", LIST} - REFERENCE))
def test_what_a_page_shows_and_no_test_runs_is_in_the_list(page: str) -> None:
    """By the commands and languages of its blocks; a block that says why nobody types it, likewise. The
    reference of commands is of what there is, not of where it was run.
    """
    listed = " ".join(what for what, shown in ROWS if page in shown)

    assert [each for each in shown_on(SOURCES[page]) if not re.search(each, listed)] == []
    said = commands.known().get(page, {})
    untyped = [said, *said.values()] if page.startswith("docs/") else []
    if any(isinstance(each, dict) and "why" in each and "by" not in each for each in untyped):
        assert page in PAGES


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("```console\ndocker run x\n```", "Docker"),
        ("```sh\naws iam get-role\n```", "AWS"),
        ("```console\nentra-config bootstrap github --check\n```", "GitHub itself"),
        ("```console\nentra-config plan\n```", None),
    ],
)
def test_what_is_foreign_is_seen(code: str, row: str | None) -> None:
    """In blocks of code, and nowhere else."""
    assert shown_on(f"# Page\n\nUse docker run, or aws iam.\n\n{code}\n") == ({row} if row else set())
