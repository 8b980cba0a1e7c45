"""One manifest in many tenants: choosing tenants, groups of changes, approval, running, reports, commands."""
