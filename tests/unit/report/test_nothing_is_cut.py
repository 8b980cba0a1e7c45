"""What identifies is never cut: whoever approves sees what differs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entra_config.plan import cut, values
from entra_config.plan.model import FieldChange, Plan, TenantInfo, Update
from entra_config.report import markdown, text
from entra_config.resource import Address, Resource

LONG = (
    "repo:example/a-very-long-name-of-a-repository-that-somebody-chose-and-nobody-shortened-since:"
    "environment:"
)
CREDENTIAL = Resource(Address("federatedCredential", "nightly/github"), {}, title="nightly/github")


def changing(path: str, before: str, after: str) -> Plan:
    """Make a plan that changes one field."""
    change = Update(CREDENTIAL, CREDENTIAL, (FieldChange(path, before, after),))
    return Plan("myapp", "prod", TenantInfo("1111", "contoso"), (change,), ())


@pytest.mark.parametrize("path", ["subject", "issuer", "identifierUris", "web.homePageUrl", "scope"])
def test_story_14_a_subject_that_changes_at_its_end_is_shown_with_its_end(path: str) -> None:
    """Both sides stand in the text and in the comment, whole."""
    plan = changing(path, f"{LONG}prod", f"{LONG}pull-requests")

    for shown in (text.render(plan), markdown.render(plan)):
        assert f'"{LONG}prod" → "{LONG}pull-requests"' in shown


def test_a_long_text_for_people_is_cut_around_its_difference() -> None:
    """What both sides share is cut, what differs is not."""
    before, after = (
        f"{'Reads. ' * 60}Never writes.{' Ask us.' * 40}",
        f"{'Reads. ' * 60}Always writes.{' Ask us.' * 40}",
    )
    shown = text.render(changing("description", before, after))

    assert "Never writes" in shown
    assert "Always writes" in shown
    assert len(shown) < 400
    assert values.pair(before, after, "subject") == (f'"{before}"', f'"{after}"')


TEXTS = st.text("abé", max_size=300) | st.text("a", min_size=90, max_size=130)


@given(TEXTS, TEXTS)
def test_what_is_cut_differs_wherever_the_whole_does(before: str, after: str) -> None:
    """Two texts that differ still differ when they are cut, in the same characters."""
    old, new = cut.around(before, after)

    assert (old == new) == (before == after)
    assert old.strip("…") in before
    assert new.strip("…") in after
    assert len(before) - len(old.strip("…")) == len(after) - len(new.strip("…"))
