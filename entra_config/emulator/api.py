"""All that other packages use of the emulator. Nothing outside it imports another of its modules.

A name is imported when it is first used: a program that only finds a running emulator loads nothing that
serves, and needs no package but the standard library and cryptography.
"""

# ruff: noqa: PLC0414  # `as` makes a name public for type checkers

import importlib
from typing import TYPE_CHECKING

# What type checkers read. Programs read `_MODULES`; a test compares the two.
if TYPE_CHECKING:
    from entra_config.emulator.state.records import Run as Run
    from entra_config.emulator.state.records import find_ca as find_ca
    from entra_config.emulator.state.runs import explain_absence as explain_absence
    from entra_config.emulator.state.runs import find_run as find_run
    from entra_config.emulator.state.state_files import StateError as StateError
    from entra_config.emulator.state.state_files import state_folder as state_folder
else:
    _MODULES = {
        "Run": "state.records",
        "StateError": "state.state_files",
        "explain_absence": "state.runs",
        "find_ca": "state.records",
        "find_run": "state.runs",
        "state_folder": "state.state_files",
    }

    def __getattr__(name: str) -> object:
        """Import a name where it is first used."""
        if name not in _MODULES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(importlib.import_module(f"{__package__}.{_MODULES[name]}"), name)
        globals()[name] = value
        return value
