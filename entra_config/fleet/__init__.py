"""One manifest in many tenants: what decides each shard, and what came of it."""
