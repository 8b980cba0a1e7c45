"""Graph → actual State: what is ours, read in as few round trips as there are levels."""
