"""With `deployers` named, a plan is the same whoever makes it: the reader's is the one that the writer
carries out.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from entra_config.manifest import loader
from entra_config.plan import file
from entra_emulator import seed
from entra_emulator.embedded import Embedded
from tests import world

MANIFESTS = Path(__file__).parents[3] / "manifests"


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_reader_writer_and_person_make_one_plan(environment: str) -> None:
    """The digests are equal, and what is created belongs to the named service principal, not to whoever is
    signed in.
    """
    embedded = Embedded.create(seed="who plans")
    manifest = loader.load(MANIFESTS, environment)
    writer = embedded.app_caller(seed.WRITERS[environment][0])
    person = embedded.user_caller("bob@contoso.com", ("Directory.Read.All",))

    plans = [
        asyncio.run(world.plan(embedded, manifest, caller=caller))
        for caller in (embedded.app_caller(seed.READER_APP_ID), writer, person)
    ]

    assert len({file.digest(plan) for plan in plans}) == 1
    created = [step.request.body for step in plans[0].steps if step.request.path == "/applications"]
    assert len(created) == len(manifest.applications)
    for body in created:
        assert isinstance(body, dict)
        assert [str(link).rpartition("/")[2] for link in body["owners@odata.bind"]] == [writer.oid]
