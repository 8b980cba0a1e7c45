"""Random tenants that others edited: `access` is what tokens say, marks are true, and each step is as old
as it says.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

import entra_config.actual.potential as sources
from tests import seeds
from tests.oracle import apart
from tests.oracle.access import hands, judge, potential, runs


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("access"))
def test_access_is_what_tokens_say(number: int) -> None:
    """Values, people and applications, those who get no token, and since when
    each step is.
    """
    assert runs.run(number).failures == []


@pytest.mark.oracles
def test_the_worlds_are_about_something() -> None:
    """Of fixed seeds: none is wrong, and gone roles, disabled holders, dated members, missing applications,
    others' applications that hold roles, roles that none of them may hold, and grants are among them.
    """
    found: Counter[str] = Counter()
    for number in range(6):
        each = runs.run(number)
        assert each.failures == []
        found += each.rows
    assert found["rows"] > 60
    every = ("disabled", "roleDeleted", "memberSince", "missing", "principals", "nobody", "grants")
    assert min(found[name] for name in every) > 0, found


@pytest.mark.oracles
def test_the_judge_finds_what_is_not_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mark and each step that is left out or made up is told."""
    original = judge.problems
    for name, wrong in (
        ("disabled", False),
        ("roleDeleted", False),
        ("memberSince", "2020-01-01T00:00:00Z"),
        ("since", "2020-01-01T00:00:00Z"),
    ):

        def turned(access: judge.Document, *rest: object, name: str = name, wrong: object = wrong) -> object:
            rows = [{**row, name: wrong} if row[name] else row for row in access["holders"]]
            return original({**access, "holders": rows}, *rest)

        monkeypatch.setattr(judge, "problems", turned)
        assert any(runs.run(number).failures for number in range(6)), name


@pytest.mark.oracles
def test_the_judge_finds_an_entrance_that_is_not_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever of ours is left out, called enabled, or called open to everybody."""
    original = judge.problems
    for change in ({"missing": ""}, {"enabled": True}, {"assignmentRequired": False}, None):

        def turned(
            access: judge.Document, *rest: object, change: dict[str, object] | None = change
        ) -> object:
            apis = [{**row, **change} for row in access["apis"]] if change else access["apis"][1:]
            return original({**access, "apis": apis}, *rest)

        monkeypatch.setattr(judge, "problems", turned)
        assert any(runs.run(number).failures for number in range(6)), change


@pytest.mark.oracles
@pytest.mark.parametrize("number", seeds.of("potential"))
def test_whoever_could_gain_access_is_listed(number: int) -> None:
    """Each owner and administrator tries: what succeeds is in the report, and what is in it succeeds."""
    found = potential.run(number)
    assert found.failures == []


@pytest.mark.oracles
@pytest.mark.parametrize("source", ["_add_owners", "_add_group_owners", "_could"])
def test_the_comparison_misses_each_source(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without owners, owners of groups or directory roles, somebody does what the report does not say."""

    def nothing(*_: object) -> tuple[()]:
        return ()

    monkeypatch.setattr(sources, source, nothing)
    assert any(potential.run(number).failures for number in range(4))


def test_the_judge_knows_nothing_of_the_engine() -> None:
    """Only what runs the engine imports it."""
    for module in (hands, judge):
        assert apart.imported(Path(str(module.__file__))) == set()
