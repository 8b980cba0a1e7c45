"""The Markdown of a drift, each part of it, with and without names, and what is cut of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from entra_config.drift.model import Actor, Attribution, Drift, Finding, Overdue
from entra_config.errors import Position
from entra_config.phrase import Person, Phrase
from entra_config.plan.model import Create, Notice, TenantInfo
from entra_config.report import drift_markdown, drift_wording
from entra_config.resource import Address, Resource
from tests.unit.plan import estates

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
API = Address("application", "api")
LI, BO = Actor("user", "1", "li@x", "portal"), Actor("user", "2", "bo@x")
CI = Actor("application", "3", "CI")
DAY = "2026-11-20"


NOBODY = "by unknown: no record proves who it was; the records that fit are of"
FOUND = Finding(
    API,
    "changed",
    "r",
    Phrase.of("owner ", Person("'li@x'", "u1")),
    "notes",
    "a",
    "b|",
    position=Position("a.yaml", 3),
)
OVER = Overdue(API, date(2026, 10, 31), "role of api", remedy="entra-config apply --expired")
MADE = Create(Resource(API, {}, title=Phrase.of("api ← ", Person("'li@x'", "u1"))))


def drift(*findings: Finding, **more: Any) -> Drift:
    """Make a drift."""
    return Drift("myapp", "prod", TenantInfo(estates.TENANT, "contoso"), "HEAD", NOW, None, findings, **more)


REVERT = "entra-config drift -e prod --revert application.api --out revert.json"
CLEAN = "No drift: the tenant is as the manifest was deployed"
WHOLE = drift(
    replace(FOUND, attribution=Attribution("possible", when=NOW, others=(LI, BO, CI), suspects=3)),
    Finding(API, "removed", "r", "gone"),
    warnings=(Notice(Phrase.of("warned of ", Person("'li@x'", "u1"))),),
    overdue=(replace(OVER, sentence=Phrase.of("role of ", Person("'li@x'", "u1"))),),
    pending=(MADE,),
    unmanaged=("one", "two"),
)


def page(*, people: bool) -> list[str]:
    """Return the paragraphs of the whole report."""
    return drift_markdown.render(WHOLE, people=people).rstrip("\n").split("\n\n")


def test_markdown_has_each_part() -> None:
    """The findings as a table, then warnings, then what is no drift; the people of each where they are
    wanted.
    """
    for people in (True, False):
        li, quoted = ("li@x (portal)", "'li@x'") if people else ("a user", "a user (u1…)")
        bo = "bo@x" if people else "a user"
        who = f"{NOBODY} {li}, {bo}, application CI, {DAY} 12:00 UTC"
        assert page(people=people) == [
            "## Drift in `myapp/prod`",
            f"2 changes that the manifest does not know. Compared with `HEAD`, {DAY} 12:00 UTC.",
            "\n".join(
                [
                    *drift_markdown.HEAD,
                    (
                        f'| ○ Low | changed | `owner {quoted}` | `"a"` | `"b\\|"` | `{who}` | `a.yaml:3:1` '
                        f"| `{REVERT}` |"
                    ),
                    (
                        "| ▲ High | removed | `gone` |  |  | `by unknown: the audit log was not asked` |  "
                        f"| `{REVERT}` |"
                    ),
                ]
            ),
            f"- ⚠️ `warned of {quoted}`",
            "Expired, not yet removed: 1 (nobody did that, no drift).",
            f"- ``role of {quoted}: until 31 Oct 2026; `entra-config apply --expired` takes it away``",
            "1 change of the manifest not applied yet (no drift).",
            f"- `application api ← {quoted}`",
            "<details><summary>2 registrations that nobody manages</summary>",
            "- `one`\n- `two`",
            "</details>",
        ]


def test_of_nothing_there_are_two_lines() -> None:
    """The head, and the sentence."""
    assert drift_markdown.render(drift()) == (
        f"## Drift in `myapp/prod`\n\n{CLEAN}. Compared with `HEAD`, {DAY} 12:00 UTC.\n"
    )


@pytest.mark.parametrize("length", [600, 900, 1000, 1200, 1300])
def test_what_does_not_fit_is_cut_and_counted(length: int) -> None:
    """The first rows stay; lists become a line; nothing is longer than is allowed."""
    rows = [Finding(API, "removed", "r", f"gone {number}") for number in range(10)]
    many = drift(*rows, warnings=(Notice("w"),) * 5, unmanaged=("a name",) * 90, pending=(MADE,) * 20)
    text = drift_markdown.render(many, longest=length)
    assert len(text) <= length
    left = 10 - text.count("| `gone")
    cut = drift_wording.cut(left, 5 - text.count("- ⚠️"))
    assert f"**{cut}**" in text
    assert "90 registrations that nobody manages: drift.json has them." in text
    assert [f"gone {number}`" in text for number in range(10)] == [number < 10 - left for number in range(10)]
