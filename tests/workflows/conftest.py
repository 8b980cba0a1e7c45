"""The company that the stories of the workflows play on, its main branch applied to both environments."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflows.caller import Caller
from tests.workflows.estate import Estate
from tests.workflows.runs import assert_all


@pytest.fixture(scope="module")
def estate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Return the company, its main branch applied to both environments: each file tells a story of its
    own. Where a file says PROGRAMS, each command is a program that begins anew; where it says CALLS, the ten
    lines call the pipeline of a commit.
    """
    folder = tmp_path_factory.mktemp("estate")
    if getattr(request.module, "CALLS", False):
        caller = Caller(folder)
        caller.first = caller.event("push", caller.git("rev-parse", "HEAD"))
        yield caller
        caller.close()
        return
    made = Estate(folder, programs=getattr(request.module, "PROGRAMS", False))
    made.begin()
    made.first = made.push(made.git("rev-parse", "HEAD"))
    assert_all(made.first, "success")
    yield made
    made.close()
