"""`make dev`: the example's emulator, API and page on this machine, from the dev manifest."""
