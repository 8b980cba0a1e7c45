"""In a real browser no name on a page of plan, access or drift becomes markup."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.drift.model import Actor, Attribution, Finding
from entra_config.errors import Position
from entra_config.plan.model import Notice
from entra_config.report import drift_html, holders_html, html
from tests.unit.report.drifts import sample
from tests.unit.report.elements import skeleton
from tests.unit.report.plans import API, named

# What a name would do as markup, if a page let it.
SCRIPTS = (
    (
        "</title></style></pre></li><script>document.title='ran'</script><img src=x "
        "onerror=document.title='ran'>"
    ),
    (
        "<svg/onload=document.title='ran'><iframe srcdoc='<script>top.document.title=1</script>'><base "
        "href=//evil.example>"
    ),
    (
        "<meta http-equiv=refresh content='0;url=//evil.example'><form action=//evil.example><input "
        "autofocus onfocus=x>"
    ),
    "&lt;script&gt; {{7*7}} \" ' ` javascript:alert(1) <!-- ]]> \u202e",
)


def plan_of(name: str) -> str:
    """Return the page of a plan in which somebody chose every name."""
    return html.render(named(name))


def access_of(name: str) -> str:
    """Return the page of who holds what, likewise."""
    held = Holding(
        name,
        name,
        "user",
        name,
        name,
        f"group {name}",
        "2026-11-20",
        Position(name, 3, 3),
        name,
        name,
        "2026-11-21",
    )
    other = Holding(name, "x", "application", name, "y", "consent", disabled=True)
    owner = Ownership(name, "user", name, name, (name,))
    return holders_html.to_html(
        [held, other],
        name,
        [owner],
        [Entrance(name, enabled=False), Entrance(name, assignment_required=False)],
    )


def drift_of(name: str) -> str:
    """Return the page of a drift, likewise."""
    who = Actor("user", name, name, name)
    when = datetime(2026, 11, 20, 8, tzinfo=UTC)
    found = Attribution("possible", who, when, others=(who,), record_id=name, suspects=2)
    position = Position(name, 3, 3)
    finding = Finding(API, "changed", "property-changed", name, name, name, name, name, (), position, found)
    return drift_html.render(
        replace(sample(), base=name, findings=(finding,), unmanaged=(name,), warnings=(Notice(name, API),))
    )


@pytest.mark.browser
@pytest.mark.parametrize("page", [plan_of, access_of, drift_of], ids=["plan", "access", "drift"])
def test_a_real_browser_runs_nothing_of_it(page: Callable[[str], str], tmp_path: Path) -> None:
    """In Chromium: what every name would do as markup is text, no element and no attribute of it is there."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    hostile, plain = tmp_path / "hostile.html", tmp_path / "plain.html"
    hostile.write_text(page(" ".join(SCRIPTS)), encoding="utf-8")
    plain.write_text(page("name"), encoding="utf-8")

    def dom(file: Path) -> str:
        options = (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=2000",
        )
        done = subprocess.run(
            [chromium, *options, "--dump-dom", file.as_uri()],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    shown = dom(hostile)
    assert skeleton(shown) == skeleton(dom(plain)), "the same elements with the same attributes"
    assert "<title>ran</title>" not in shown
    assert shown.count("document.title='ran'") > 3, "as text, where the names are"
