"""The table of token attacks."""

from pathlib import Path
from typing import Any

import yaml

CASES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("token_attacks.yaml").read_text(encoding="utf-8")
)
