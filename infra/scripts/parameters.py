"""Files of parameters in; one file for the stacks of an option out. A name twice, or of none of them, is an
error.
"""

import json
import re
import sys
from pathlib import Path

BLOCK = re.compile(r"^Parameters:\n(.*?)^\S", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"^  (\w+):", re.MULTILINE)
# The stack that an option adds; deploy.sh says the same.
ADDED = {"C": ["bff"]}


def main(infra: Path, out: Path, files: list[Path]) -> int:
    """Write the union."""
    read = [(file, json.loads(file.read_text(encoding="utf-8"))["Parameters"]) for file in files]
    option = next((given["Option"] for _, given in read if "Option" in given), "")
    known: set[str] = set()
    for stack in ("network", "edge", "services", *ADDED.get(option, [])):
        block = BLOCK.search((infra / f"{stack}.yaml").read_text(encoding="utf-8"))
        known |= set(NAME.findall(block[1] if block else ""))
    found: dict[str, str] = {}
    wrong: list[str] = []
    for file, given in read:
        wrong += [f"{file}: {name} is given by a file before it" for name in given if name in found]
        of_none = [name for name in given if name not in known]
        wrong += [f"{file}: no stack of option {option} has a parameter {name}" for name in of_none]
        wrong += [f"{file}: {name} is no text" for name, value in given.items() if not isinstance(value, str)]
        found |= given
    for line in wrong:
        print(line, file=sys.stderr)
    if not wrong:
        out.write_text(json.dumps({"Parameters": found}), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(each) for each in sys.argv[3:]]))
