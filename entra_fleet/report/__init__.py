"""The documents of the fleet, and its report in each format."""
