"""The emulator's state folder, and the record outside it that says what the emulator made."""
