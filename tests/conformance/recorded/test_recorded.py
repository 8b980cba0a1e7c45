"""The emulator answers what the real service was recorded to answer."""

from collections.abc import Callable

import pytest

from entra_emulator.clock import NEWEST
from tests.conformance.conftest import Where
from tests.conformance.graph_client import Graph
from tests.conformance.recorded import sign_in
from tests.conformance.recorded.comparison import compare
from tests.conformance.recorded.shapes import Shape, read_shapes
from tests.conformance.recorded.table import DIFFERS
from tests.conformance.recorded.tenant import RecordedTenant

SHAPES = read_shapes()
COMPARED = [shape for shape in SHAPES if not shape.not_compared]
SIGN_IN = {"token", "oidc"}


@pytest.mark.parametrize("shape", COMPARED, ids=lambda shape: shape.name)
def test_recorded(
    shape: Shape,
    graph: Graph,
    where: Where,
    as_user: Callable[..., Graph],
    as_app: Callable[..., Graph],
) -> None:
    """Status, keys, their order, nulls, constants, error and headers are those of the recorded answer, if
    Graph answers as of its month.
    """
    if shape.kind in SIGN_IN:
        response = sign_in.respond(shape)
    else:
        assert where.embedded is not None
        where.embedded.directory.month = shape.month or NEWEST
        tenant = where.embedded.directory.default
        response = RecordedTenant(shape, tenant, graph, as_user, as_app).respond()
    differences = compare(shape, response)
    listed = DIFFERS.get(shape.name)
    assert differences == (listed["how"] if listed else []), shape.name


def test_lists_name_recorded_answers() -> None:
    """Each listed answer exists and has a reason; the rest of the file is compared."""
    assert DIFFERS.keys() <= {shape.name for shape in COMPARED}
    assert all(listed["why"] and listed["how"] for listed in DIFFERS.values())
    assert (len(SHAPES), len(COMPARED)) == (280, 239)
