"""The page of a plan: whole by itself, and no name becomes markup."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.actual.access import Entrance, Holding, Ownership
from entra_config.drift.model import Actor, Attribution, Finding
from entra_config.errors import Position
from entra_config.plan import file
from entra_config.plan.bounds import Bound
from entra_config.plan.model import Effect, FieldChange, HeldBack, Notice, Plan, Refusal, Update
from entra_config.report import drift_html, holders_html, html
from entra_config.report.made import HowMade
from entra_config.report.overview import SQUARES
from tests.unit.report.drifts import sample
from tests.unit.report.plans import API, HERE, resource, worked_example

HOSTILE = [
    "<script>alert(1)</script>",
    "</pre><img src=x onerror=alert(1)>",
    '" onload="',
    "&lt;b&gt;",
    "</li>",
    "\u202e",
    "\ud800",
]
NAMES = st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec=None), max_size=30))


def named(text: str) -> Plan:
    """Return a plan in which somebody chose every name."""
    api = resource(API, text, text, Position(text, 3, 3))
    return replace(
        worked_example(),
        changes=(Update(api, api, (FieldChange("x", text, text),), (text,)),),
        warnings=(Notice(text, API),),
        refusals=(Refusal("many", text, API),),
        held_back=(HeldBack(text, text, API),),
        effects=(Effect("owner", text, API, HERE), Effect("setting", text)),
        tenant=replace(worked_example().tenant, name=text),
        names={"api": f"{text} ", "devClient": f"{text} "},
        by=f"{text} ",
    )


class _Skeleton(HTMLParser):
    """Keeps the tags and attributes that a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, tuple(attrs)))


def skeleton(page: str) -> list[tuple[str, tuple[tuple[str, str | None], ...]]]:
    """Return what a browser makes elements of."""
    found = _Skeleton()
    found.feed(page)
    return found.tags


@given(NAMES)
def test_no_name_makes_an_element(name: str) -> None:
    """Whatever a name is, the page has the same elements and attributes."""
    assert skeleton(html.render(named(name))) == skeleton(html.render(named("name")))


def test_the_page_asks_for_nothing() -> None:
    """No script, link, image or style from elsewhere, and a policy that would not let one."""
    page = html.render(named("name"))

    assert "default-src 'none'" in page
    assert not any(word in page for word in ("<script", "src=", "@import", "url("))
    assert {each[:1] for each in re.findall('href="([^"]*)"', page)} == {"#"}, "within the page"
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page
    assert "unsafe" not in page
    assert " style=" not in page


def test_effects_come_first_in_their_risk() -> None:
    """Before refusals, warnings and changes; each says how much it could be abused for."""
    page = html.render(named("xyz"))

    owner, setting = page.index("<b>owner</b> xyz"), page.index("<b>setting</b> xyz")
    assert page.rindex('<li class="is-high of-', 0, owner) > 0
    assert owner < page.index('<li class="is-medium of-', owner) < setting
    assert page.index("<b>setting</b>") < page.index("<h2>Refused") < page.index("What would change")


def test_an_empty_plan_says_so() -> None:
    """Nothing to do is a sentence."""
    assert "No changes, 41 unchanged." in html.render(replace(worked_example(), changes=(), access=()))


def test_who_gains_is_told_with_the_api_and_the_way() -> None:
    """Two APIs may have a scope or a role of one value: each line says whose, and through what."""
    page = html.render(worked_example())

    rows = re.findall(r'<tr role="row" class="(.*?)">(.*?)</tr>', page)
    cells = [re.sub(r"<[^>]+>", "", row) for _, row in rows]
    assert ["High" in cell for cell in cells] == [True, False]
    assert "+ AdminMyApp API api6 people gain it" in cells[0]
    assert (
        "− AuditorMyApp API api3 people lose itann@contoso.com, bob@contoso.com, li@contoso.com" in cells[1]
    )
    assert cells[0].endswith("none for gains")
    assert cells[1].endswith("3 of at most 4 people")
    assert "group Audit (2), li@contoso.com (direct)" in cells[1]
    assert page.index("Who gains, who loses") < page.index("What would change")


def text_of(page: str) -> str:
    """Return what is between the tags of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.partition("</head>")[2])))


def test_it_says_who_made_it_of_what_and_which_plan_it_is() -> None:
    """Tool and commit, when, as whom, of which commit of the manifest, by which words; the whole digest."""
    at = datetime(2026, 11, 26, 10, 24, tzinfo=UTC)
    plan = worked_example()
    how = HowMade(
        "entra-config 0.9.0 (commit 8387783)", at, "4f0c2a1", ("plan", "-e", "prod", "--allow", "many")
    )
    reported = text_of(html.render(plan, how=how, saved="my plan.json"))

    assert "Tenant contoso.onmicrosoft.com 11111111-1111-1111-1111-111111111111 Environment prod" in reported
    protected = text_of(html.render(replace(plan, protected=True), how=how))
    assert "Environment prod, protected" in protected
    assert "Environment prod, protected" not in text_of(html.render(replace(plan, protected=False), how=how))
    assert "Made 2026-11-26 10:24 UTC, by MyApp Reader (prod) Manifest 4f0c2a1" in reported
    assert "Made for" not in reported
    assert "Lose something 3 of at most 10 people and 1 of at most 10 applications" in reported
    assert f"Digest sha256:{file.digest(plan)}" in reported
    assert "entra-config apply -e prod 'my plan.json' It plans again first, and stops" in reported
    assert reported.rstrip().endswith(
        "entra-config 0.9.0 (commit 8387783) · plan -e prod --allow many · signed in as MyApp Reader (prod)"
    )
    later = replace(how, at=at + timedelta(days=1))
    assert "Made for 2026-11-26 10:24 UTC" in text_of(html.render(plan, how=later))


def test_of_whom_nobody_could_count_the_limit_says_so() -> None:
    """A number that is not known is not 0."""
    plan = replace(worked_example(), bounds=(Bound("people", None, 10), Bound("applications", 0, 10)))
    assert "an unknown number of at most 10 people" in text_of(html.render(plan))


def test_each_change_has_one_square_and_each_part_a_filter() -> None:
    """Squares lead to the changes, by application and risk; boxes hide rows, effects and changes on a
    screen, and nothing on paper.
    """
    page = html.render(replace(worked_example(), effects=(Effect("owner", "o", API), Effect("pin", "p"))))
    squares = re.findall(r'<a class="square (\w+)" href="#change-(\d+)"', page)
    articles = re.findall(r'<article class="is-(\w+) of-\d+" id="change-(\d+)">', page)
    assert sorted(squares, key=lambda each: int(each[1])) == articles
    assert len(articles) == len(worked_example().changes)
    for level, application in set(re.findall(r'class="is-(\w+) of-(\d+)"', page)):
        for box, rule in (
            (f"risk-{level}", f".is-{level}"),
            (f"application-{application}", f".of-{application}"),
        ):
            assert f'<input type="checkbox" id="{box}" checked>' in page
            hides = rf"main:has\(#{box}:not\(:checked\)\) {re.escape(rule)}\s*[,{{]"
            assert re.search(hides, page)
    outside = re.sub(r"@media screen \{.*?\n?\} ?\}|@media screen \{\n.*?\n\}", "", page, flags=re.DOTALL)
    assert ":has(" not in outside, "on paper all of it is there"
    assert "the manifest</label>" in page


def test_many_changes_are_counted_behind_their_squares() -> None:
    """A cell of hundreds of squares would be no picture; below it each change is there all the same."""
    update = worked_example().changes[0]
    page = html.render(replace(worked_example(), changes=(update,) * (SQUARES + 3)))
    assert page.count('<a class="square') == SQUARES
    assert "and 3 more" in page
    assert page.count("<article") == SQUARES + 3


def test_values_and_places_are_whole() -> None:
    """However long they are, all of them is there, and the place once more beside its change."""
    long = "https://example.net/" + "very-long-path/" * 40
    place = Position("manifests/" + "deep/" * 40 + "api.yaml", 3, 3)
    api = resource(API, "api", "MyApp API", place)
    reported = text_of(
        html.render(replace(worked_example(), changes=(Update(api, api, (FieldChange("x", "a", long),)),)))
    )
    assert long in reported
    assert f"{place.file}:3" in reported


HOSTILE = (
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
"""What a name would do as markup, if a page let it."""


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
    hostile.write_text(page(" ".join(HOSTILE)), encoding="utf-8")
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
