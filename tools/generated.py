"""Write every file of this repository that is made of its code: `make generated`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from entra_config.apply import messages
from entra_config.checks import page as checks_page
from entra_config.cli import main as command_line
from entra_config.cli import manual, outcomes, reference
from entra_config.lint import page as lint_page
from entra_config.manifest.published import reference as manifest_reference
from entra_config.manifest.published import schema, schema_files
from entra_config.report import risk_page, schemas
from entra_config.testing import reference as tests_reference
from entra_config.testing import schema as tests_schema
from options.tests import page as attacks
from tests.conformance.recorded import table as recorded_table
from tests.docs import life

ROOT = Path(__file__).parents[1]


def _document_schema(name: str) -> str:
    return json.dumps(schemas.build(name), indent=2) + "\n"


FILES: Mapping[str, Callable[[], str]] = {
    "docs/attacks.md": lambda: attacks.text(attacks.table(), attacks.outcomes()),
    "docs/checks/README.md": checks_page.text,
    **{f"docs/checks/{name}.md": partial(checks_page.page, name) for name in checks_page.PAGES},
    "docs/cli/README.md": reference.text,
    **{f"docs/cli/{name}.md": partial(reference.page, name) for name in command_line.COMMANDS},
    "docs/entra-config.1": manual.text,
    "docs/life-of-a-plan.md": life.page,
    "docs/lint/README.md": lint_page.text,
    **{f"docs/lint/{name}.md": partial(lint_page.page, name) for name in lint_page.PAGES},
    "docs/manifest/README.md": manifest_reference.text,
    **{
        f"docs/manifest/{name}.md": partial(manifest_reference.page, name)
        for name in manifest_reference.names()
    },
    "docs/messages.md": lambda: "\n".join(messages.page()) + "\n",
    "docs/outcomes.md": outcomes.text,
    "docs/risk.md": risk_page.text,
    "docs/tests.md": tests_reference.text,
    "manifests/entra-config.schema.json": lambda: schema_files.text(schema.build()),
    "manifests/entra-config.tests.schema.json": lambda: schema_files.text(tests_schema.build()),
    "tests/conformance/recorded/README.md": recorded_table.text,
    **{f"docs/schemas/{name}.schema.json": partial(_document_schema, name) for name in schemas.DOCUMENTS},
}


def main() -> None:
    """Write each file, and print the names of those that changed."""
    for name, make in FILES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(name)


if __name__ == "__main__":
    main()
