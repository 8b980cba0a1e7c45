"""The extension of the emulator's portal: what this tool knows about a change, or about a refused sign-in.

The server finds the class by an entry point and imports it when a page first needs it. Each method imports
what it needs: most pages need none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entra_emulator.api import (
        Change,
        Declaration,
        Moments,
        Rating,
        RefusedSignIn,
        Remedy,
    )


class Portal:
    """Rates changes by the table of risk, and writes the lines of a manifest that declare them."""

    def rate(self, changes: Sequence[Change], moments: Moments) -> Sequence[Rating]:
        """Return the level of each change, and its rank: highest risk first."""
        from entra_config.emulator_labels.rating import rate

        return [rate(change, moments) for change in changes]

    def declare(self, changes: Sequence[Change], moments: Moments) -> Sequence[Declaration]:
        """Return the lines that declare each change, or the reason why there are none."""
        from entra_config.emulator_labels.declaring import declare

        return declare(changes, moments)

    def explain(self, refused: RefusedSignIn) -> Remedy:
        """Return the keys of the manifest that would let a person sign in, and the command."""
        from entra_config.emulator_labels.remedies import find_remedy

        return find_remedy(refused)
