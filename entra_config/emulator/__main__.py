"""Options as JSON in; serves until it is told to stop."""

import sys

from entra_config.emulator.run_file import load_options
from entra_config.emulator.server import serve

if __name__ == "__main__":
    serve(load_options(sys.argv[1]))
