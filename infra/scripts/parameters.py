"""Files of parameters in; one file for all stacks out. A name twice, or of no template, is an error."""

import json
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^Parameters:\n(.*?)^\S", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"^  (\w+):", re.MULTILINE)


def main(infra: Path, out: Path, files: list[Path]) -> int:
    """Write the union."""
    known: set[str] = set()
    for stack in ("network", "edge", "services"):
        block = BLOCK.search((infra / f"{stack}.yaml").read_text(encoding="utf-8"))
        known |= set(NAME.findall(block[1] if block else ""))
    found: dict[str, str] = {}
    wrong: list[str] = []
    for file in files:
        given = json.loads(file.read_text(encoding="utf-8"))["Parameters"]
        wrong += [f"{file}: {name} is given by a file before it" for name in given if name in found]
        wrong += [f"{file}: no stack has a parameter {name}" for name in given if name not in known]
        wrong += [f"{file}: {name} is no text" for name, value in given.items() if not isinstance(value, str)]
        found |= given
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        out.write_text(json.dumps({"Parameters": found}), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]]))
