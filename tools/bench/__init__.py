"""What plan and apply cost: requests, calls, depth, seconds; beside what a peer's tool costs for the same
set.
"""
