"""Everything that people and programs see, as files: what differs after a change is the change."""
