"""A project that comes before itself, by whatever number of others, is told; no other one is."""

from __future__ import annotations

from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from entra_config.errors import Position
from entra_config.manifest.reading.node import Entry, Map, Scalar
from entra_config.manifest.reading.problems import Problems
from entra_config.manifest.tenants.model import FleetProject
from entra_config.manifest.tenants.reading import _check_order

KEYS = "abcde"
BEFORE = st.dictionaries(st.sampled_from(KEYS), st.lists(st.sampled_from(KEYS), unique=True, max_size=3))


@given(BEFORE)
@example({"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]})
@example({"a": ["a"]})
@example({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})
def test_whoever_is_reached_from_itself_comes_before_itself(before: dict[str, list[str]]) -> None:
    """Held against all that comes after each; each once."""
    positions = {key: Position("fleet.yaml", line) for line, key in enumerate(before, 1)}
    projects = {
        key: FleetProject(key, Path(key), "prod", "", tuple(others)) for key, others in before.items()
    }
    entries = {key: Entry(key, at, Scalar("", at)) for key, at in positions.items()}
    problems = Problems()
    _check_order(projects, Map(entries), problems)

    assert [(each.position, each.message) for each in problems.found] == [
        (positions[key], f"`{key}` comes before itself, by `before`")
        for key in before
        if key in _closed(before, key)
    ]


def _closed(before: dict[str, list[str]], key: str) -> set[str]:
    """Return what comes after a key: what is no project leads nowhere."""
    found: set[str] = set()
    waiting = list(before.get(key, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += before.get(one, ())
    return found
