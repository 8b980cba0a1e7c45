"""The rules of plan, one file per subject; `checks/table.py` lists them in their order."""
