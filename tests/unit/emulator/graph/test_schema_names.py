"""The tables of the entities know every property that Graph's published schema has."""

from importlib import resources

import pytest

from entra_emulator.graph import unserved
from entra_emulator.graph.entities import ENTITIES
from entra_emulator.graph.properties import Entity

LARGEST = 400_000


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: entity.name)
def test_properties_of_the_schema(entity: Entity) -> None:
    """A property that only the schema has is listed here; a row that only the table has says so."""
    published = unserved.properties(entity.name)
    assert published
    assert published - {row.name for row in (*entity.rows, *entity.others)} == set()
    assert entity.properties.keys() - published <= entity.beta


def test_size() -> None:
    """The list is of names only."""
    text = resources.files("entra_emulator").joinpath("data/schema_names.json").read_bytes()
    assert len(text) <= LARGEST
