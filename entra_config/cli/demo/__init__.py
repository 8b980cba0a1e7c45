"""The demo: its story, told by the real commands, and what somebody else does to the tenant meanwhile."""
