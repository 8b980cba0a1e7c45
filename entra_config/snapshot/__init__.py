"""What a plan reads, as a file: no secret is in it, and it lists what was not read."""
