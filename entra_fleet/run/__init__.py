"""Run one task in each tenant, in a process per tenant, and read the results."""
