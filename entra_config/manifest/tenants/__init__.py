"""A fleet's file in; its projects, tenants and waves, and each project in each tenant, out."""
