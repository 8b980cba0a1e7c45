"""Option B: the load balancer signs people in."""
