"""Options as JSON in; serves until it is told to stop."""

import sys
from types import TracebackType

from entra_emulator.listening import BusyPortError, NotLoopbackError, UnusableAddressError
from entra_emulator.server import serve
from entra_emulator.server_options import load_options
from entra_emulator.state.state_files import StateError


def write_reason(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write why the emulator ends, as the command that started it shows it; a traceback only of a bug."""
    if isinstance(error, StateError | BusyPortError | NotLoopbackError | UnusableAddressError):
        sys.stderr.write(f"{error}\n")
    elif isinstance(error, OSError) and error.filename is not None:
        sys.stderr.write(f"{error.filename}: {error.strerror}\n")
    else:
        sys.__excepthook__(kind, error, trace)


if __name__ == "__main__":
    sys.excepthook = write_reason
    serve(load_options(sys.argv[1]))
