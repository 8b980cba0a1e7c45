"""Group the changes of many tenants: which tenants have the same change."""
