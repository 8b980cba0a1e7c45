"""The Graph half of the emulator: one file per collection, queries, batches, errors."""
