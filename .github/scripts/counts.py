# Part of the pipeline of `entra-config bootstrap`, which replaces this file.
"""A saved plan in; out, as outputs of a step, its digest, how many writes it makes and how many grants it
withholds.

Usage: counts.py PLAN.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def outputs(plan: dict[str, Any]) -> dict[str, str]:
    """Return what the job that applies must know of a plan."""
    names = list(plan["content"])
    return {
        "digest": plan["digest"],
        "steps": str(sum(name.startswith("step ") for name in names)),
        "withheld": str(sum(name.startswith("withheld ") for name in names)),
    }


if __name__ == "__main__":
    for name, value in outputs(json.loads(Path(sys.argv[1]).read_text())).items():
        print(f"{name}={value}")
