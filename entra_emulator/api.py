"""All that other packages use of the emulator. Nothing outside it imports another of its modules.

A name is imported when it is first used (PEP 562): a program that only finds a running emulator loads
nothing that serves, and needs no package but the standard library and cryptography.
"""

# ruff: noqa: PLC0414  # `as` makes a name public for type checkers

import importlib
from typing import TYPE_CHECKING

# What type checkers read. Programs read `_MODULES`; a test compares the two.
if TYPE_CHECKING:
    from entra_emulator import seed as seed
    from entra_emulator import tls as tls
    from entra_emulator import trust as trust
    from entra_emulator.app import Emulator as Emulator
    from entra_emulator.background import StartError as StartError
    from entra_emulator.background import end as end
    from entra_emulator.background import start as start
    from entra_emulator.callers import Caller as Caller
    from entra_emulator.cli import commands as commands
    from entra_emulator.clock import ManualClock as ManualClock
    from entra_emulator.clock import SystemClock as SystemClock
    from entra_emulator.directory import Tenants as Tenants
    from entra_emulator.embedded import Embedded as Embedded
    from entra_emulator.extension import Change as Change
    from entra_emulator.extension import Declaration as Declaration
    from entra_emulator.extension import Moments as Moments
    from entra_emulator.extension import Rating as Rating
    from entra_emulator.extension import RefusedSignIn as RefusedSignIn
    from entra_emulator.extension import Remedy as Remedy
    from entra_emulator.fault_plan import FaultPlan as FaultPlan
    from entra_emulator.faults import Faults as Faults
    from entra_emulator.identifiers import Identifiers as Identifiers
    from entra_emulator.login.catalogue import CATALOGUE as CATALOGUE
    from entra_emulator.login.explain import KNOWN_CLAIMS as KNOWN_CLAIMS
    from entra_emulator.program import use_program_name as use_program_name
    from entra_emulator.proofs import ClientProofs as ClientProofs
    from entra_emulator.seed_rows import DEPLOYER as DEPLOYER
    from entra_emulator.server_options import ServerOptions as ServerOptions
    from entra_emulator.signing_in import NO_PROOF as NO_PROOF
    from entra_emulator.signing_in import Form as Form
    from entra_emulator.signing_in import IssuedToken as IssuedToken
    from entra_emulator.signing_in import SigningIn as SigningIn
    from entra_emulator.signing_in import SignInRefused as SignInRefused
    from entra_emulator.signing_in import SignInResult as SignInResult
    from entra_emulator.site import create_emulator as create_emulator
    from entra_emulator.snapshots.files import read_snapshot as read_snapshot
    from entra_emulator.state.certificate_check import check_ca as check_ca
    from entra_emulator.state.records import Run as Run
    from entra_emulator.state.records import find_ca as find_ca
    from entra_emulator.state.runs import explain_absence as explain_absence
    from entra_emulator.state.runs import find_run as find_run
    from entra_emulator.state.state_files import CLOCK_FILE as CLOCK_FILE
    from entra_emulator.state.state_files import StateError as StateError
    from entra_emulator.state.state_files import state_folder as state_folder
    from entra_emulator.table import Row as Row
    from entra_emulator.tenant import Tenant as Tenant
else:
    # By name: the module of the emulator that has it. `commands`, `seed`, `tls` and `trust` are modules.
    _MODULES = {
        "CATALOGUE": "login.catalogue",
        "CLOCK_FILE": "state.state_files",
        "Caller": "callers",
        "Change": "extension",
        "ClientProofs": "proofs",
        "DEPLOYER": "seed_rows",
        "Declaration": "extension",
        "Embedded": "embedded",
        "Emulator": "app",
        "FaultPlan": "fault_plan",
        "Faults": "faults",
        "Form": "signing_in",
        "Identifiers": "identifiers",
        "IssuedToken": "signing_in",
        "KNOWN_CLAIMS": "login.explain",
        "ManualClock": "clock",
        "Moments": "extension",
        "NO_PROOF": "signing_in",
        "Rating": "extension",
        "RefusedSignIn": "extension",
        "Remedy": "extension",
        "Row": "table",
        "Run": "state.records",
        "ServerOptions": "server_options",
        "SignInRefused": "signing_in",
        "SignInResult": "signing_in",
        "SigningIn": "signing_in",
        "StartError": "background",
        "StateError": "state.state_files",
        "SystemClock": "clock",
        "Tenant": "tenant",
        "Tenants": "directory",
        "check_ca": "state.certificate_check",
        "commands": "cli.commands",
        "create_emulator": "site",
        "end": "background",
        "explain_absence": "state.runs",
        "find_ca": "state.records",
        "find_run": "state.runs",
        "read_snapshot": "snapshots.files",
        "seed": "seed",
        "start": "background",
        "state_folder": "state.state_files",
        "tls": "tls",
        "trust": "trust",
        "use_program_name": "program",
    }

    def __getattr__(name: str) -> object:
        """Import a name where it is first used."""
        if name not in _MODULES:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        module = importlib.import_module(f"{__package__}.{_MODULES[name]}")
        return module if _MODULES[name].rpartition(".")[2] == name else getattr(module, name)
