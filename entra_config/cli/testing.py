"""`entra-config test`: who gets in, as a test: the manifest on an emulator in this process, and real sign-ins."""

from __future__ import annotations

from entra_config.cli import wiring
from entra_config.cli.options import Common, offline


@offline
def command(common: Common) -> int:
    """Run the access tests beside the manifest; without -e in all environments. Nothing outside is asked."""
    from entra_config.testing import runs, text

    environment = wiring.environment(common) if common.environment else None
    found = wiring.run(runs.run(common.manifest, environment, now=wiring.now()))
    common.output.lines(text.render(found, verbose=common.output.verbose))
    return 1 if found.failed else 0
