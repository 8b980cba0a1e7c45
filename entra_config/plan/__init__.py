"""The plan: plain data, its difference engine, its policies. No I/O."""
