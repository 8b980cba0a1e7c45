"""Options as JSON in; serves until it is told to stop."""

import sys

from entra_config.emulator.server import serve
from entra_config.emulator.server_options import load_options

if __name__ == "__main__":
    serve(load_options(sys.argv[1]))
