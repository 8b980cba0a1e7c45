"""Access tests: what tokens must say, proven on the embedded emulator."""
