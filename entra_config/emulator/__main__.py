"""Options as JSON in; serves until it is told to stop."""

import sys

from entra_config.emulator.listening import BusyPortError, NotLoopbackError, UnusableAddressError
from entra_config.emulator.server import serve
from entra_config.emulator.server_options import load_options
from entra_config.emulator_state.state_files import StateError

if __name__ == "__main__":
    try:
        serve(load_options(sys.argv[1]))
    except (StateError, BusyPortError, NotLoopbackError, UnusableAddressError) as error:
        sys.exit(str(error))
    except OSError as error:
        if error.filename is None:
            raise
        sys.exit(f"{error.filename}: {error.strerror}")
