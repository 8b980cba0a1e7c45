"""Other ways to sign people in and to let an API know who calls: one folder each."""
