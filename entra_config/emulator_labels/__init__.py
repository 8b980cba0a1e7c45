"""What an emulator's pages show of a manifest: the labels, and the extension of the portal."""
