"""Answers of the real service, 2019 to 2026, and the emulator's own to the same requests."""
