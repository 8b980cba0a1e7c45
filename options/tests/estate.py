"""Three running worlds in, every place of options B, C, D and E with somebody at home in it, out."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from options.alb.stand_in.claims import Signer
from options.alb.tests.world import ARN, Alb
from options.bff.tests.world import Bff
from options.httpd.tests.world import Httpd
from options.tests import oracle, region
from options.tests.places import WRITER, Place, of_b, of_c, of_d, of_e
from options.tests.tokens import Tenant
from options.tests.wire import Headers


class Lines(logging.Handler):
    """What the tasks in this process log."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__(logging.INFO)
        self.kept: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.kept.append(
            json.dumps({"message": record.getMessage(), "reason": getattr(record, "reason", None)})
        )


@dataclass
class Estate:
    """All places, the tenants' keys by the folder of a world, and a port that nobody may be made to ask."""

    places: dict[str, Place]
    tenants: dict[Path, Tenant]
    signer: Signer
    other: Signer
    trap: region.Trap
    lines: Lines
    region: str
    worlds: tuple[Alb, Bff, Httpd]
    folder: Path
    kept: dict[tuple[str, str], Headers] = field(default_factory=dict)

    def forget(self, host: str) -> None:
        """Forget the sessions of a host and of its task: another server than before knows none of them."""
        for key in [each for each in self.kept if each[0].rstrip("!") == host]:
            del self.kept[key]

    def at_home(self, place: Place, user: str) -> Headers:
        """Return what proves to a place who calls; a session is begun once for each person."""
        if place.key == "B page!":
            return place.identity(user)  # A load balancer's word ends after two minutes.
        found = self.kept.get((place.key, user))
        if found is None:
            found = self.kept[place.key, user] = place.identity(user)
        return list(found)


@contextmanager
def of(alb: Alb, bff: Bff, httpd: Httpd, folder: Path) -> Iterator[Estate]:
    """Open all places until the block ends."""
    with ExitStack() as ending:
        signer, other = Signer(ARN), Signer(ARN.replace("/myapp/", "/theirs/"))
        lines = Lines()
        logging.getLogger("api").addHandler(lines)
        ending.callback(logging.getLogger("api").removeHandler, lines)
        trap = ending.enter_context(region.trap())
        keys = ending.enter_context(region.keys(alb.base.tls, (signer, other)))
        keys_url = f"https://localhost:{keys}"
        places: list[Place] = []
        places += of_b(ending, alb, folder, keys_url, signer)
        places += of_c(bff)
        places += of_d(bff)
        places += of_e(ending, httpd, folder)
        tenants = {
            world.base.folder: Tenant.of(world.base.folder / "emulator") for world in (alb, bff, httpd)
        }
        known = {each.key: each for each in places}
        worlds = (alb, bff, httpd)
        estate = Estate(known, tenants, signer, other, trap, lines, keys_url, worlds, folder)
        for place in places:
            _inhabit(estate, place)
        yield estate


def _inhabit(estate: Estate, place: Place) -> None:
    """Write a record that nobody but who is signed in may read: what is attacked serves who may be served."""
    if place.key == "E API!":
        return
    headers = [*estate.at_home(place, WRITER), ("Content-Type", "application/json")]
    body = json.dumps({"title": oracle.SECRET, "text": ""}).encode()
    response = place.ask("POST", place.address("/records"), headers, body)
    assert response.status == 201, f"{place.key}: {response}"
