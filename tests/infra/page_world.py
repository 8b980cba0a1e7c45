"""A folder in; option D on loopback out: emulator, API and page are real, the load balancer is a
stand-in, which reaches both by TLS.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.e2e import loopback
from tests.infra.behind import AtOneListener, Behind

USERS = {"writer": "alice@contoso.com", "reader": "bob@contoso.com", "stranger": "mallory@contoso.com"}


class Validated(AtOneListener):
    """The example's manifest, whose load balancer checks tokens too."""

    def root(self) -> str:
        """Return the root file with that one line more."""
        line = "      url: ${apiUrl}\n"
        assert line in super().root()
        return super().root().replace(line, f"{line}      jwtValidation: true\n", 1)


@contextmanager
def running(folder: Path, *, port: int = 0) -> Iterator[Behind]:
    """Run all of it, the page at this port, until the block ends; a Writer and a Reader have their roles."""
    with ExitStack() as ending:
        base = ending.enter_context(
            loopback.running(folder, page=False, api=False, kind=Validated, port=port)
        )
        assert isinstance(base.deployment, Validated)
        base.deployment.holders["Writer"].add(USERS["writer"])
        base.deployment.assign(USERS["reader"], "Reader")
        api, page, keys = loopback.free_ports(3)
        world = Behind(base, api, page, keys, tls="on")
        ending.callback(world.stop)
        world.start_api()
        world.start_page("config.json")
        deployed = world.deployed(base.deployment.stack_parameters("spas", "spa"))
        world.serve(deployed, f"{world.origin}/config.json")
        yield world
