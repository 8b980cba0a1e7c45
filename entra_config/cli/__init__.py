"""One module per command: parse, wire, print, exit code."""
