"""The page of a plan: whole by itself, and no name becomes markup."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from entra_config.errors import Position
from entra_config.plan import file
from entra_config.plan.model import Bound, FieldChange, Update
from entra_config.report import html
from entra_config.report.made import HowMade
from tests.unit.report.elements import skeleton
from tests.unit.report.plans import API, named, resource, worked_example

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
