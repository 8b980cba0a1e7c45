"""Rules by entry point: the example of the docs, what cannot be used, and who loads none."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from entra_config.cli.main import main
from entra_config.errors import UsageError
from entra_config.lint import plugins, table
from tests.unit.architecture.sources import imported, list_files, name_place
from tests.unit.lint.snippets import HEAD, marked

PAGE = (Path(__file__).parents[3] / "docs/lint/README.md").read_text(encoding="utf-8")
CODE = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
POINT = re.search(r'```toml\n\[project.entry-points."entra_config.lint"\]\n(.*?)```', PAGE, re.DOTALL)
Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a package with one module and its entry points where Python finds it."""
    place = tmp_path / "site"
    monkeypatch.syspath_prepend(str(place))

    def run(code: str, points: str) -> None:
        info = place / "contoso_lint-1.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(
            "Metadata-Version: 2.1\nName: contoso-lint\nVersion: 1\n", encoding="utf-8"
        )
        (info / "entry_points.txt").write_text(f"[entra_config.lint]\n{points}", encoding="utf-8")
        (place / "contoso_lint.py").write_text(code, encoding="utf-8")
        monkeypatch.delitem(sys.modules, "contoso_lint", raising=False)

    return run


def test_the_example_of_the_docs_runs(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its rule finds what its own bad example has, at its mark, and is silent on the good one; a comment
    silences it.
    """
    assert CODE is not None
    assert POINT is not None
    install(CODE[1], POINT[1].replace('"', ""))
    rule = plugins.every()["contoso-team"]
    path = tmp_path / "entra-config.yaml"
    text, (line, column) = marked(rule.bad)
    path.write_text(text, encoding="utf-8")

    assert main(["lint", "-f", str(path)]) == 1
    assert (
        f"warning[contoso-team]: `app` belongs to no team\n --> {path}:{line}:{column}\n"
        in capsys.readouterr().out
    )
    path.write_text(
        f"{text}  # entra-config: ignore[contoso-team] because it is of everybody\n", encoding="utf-8"
    )
    main(["lint", "-f", str(path)])
    assert "[contoso-team]:" not in capsys.readouterr().out
    path.write_text(HEAD + rule.good, encoding="utf-8")
    main(["lint", "-f", str(path)])
    assert "[contoso-team]:" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "reported"),
    [
        ("raise RuntimeError('no')", "cannot be loaded: RuntimeError: no"),
        ("TEAM = 1", "expected an entra_config.lint.model.Rule"),
        ("TEAM = (1,)", "expected an entra_config.lint.model.Rule"),
        (
            "from entra_config.lint.rules.redirect_http import RULE as TEAM",
            "there is a rule `redirect-http` already",
        ),
    ],
)
def test_what_cannot_be_used_is_told_with_its_package(install: Install, code: str, reported: str) -> None:
    """An error of somebody else's code is no bug of this program."""
    install(code, "contoso = contoso_lint:TEAM\n")

    with pytest.raises(UsageError, match=f"`contoso` of contoso-lint: ({reported})"):
        plugins.every()


def test_a_rule_that_fails_is_told_with_its_package(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, and whose it is."""
    code = "from dataclasses import replace\nfrom entra_config.lint.rules.redirect_http import RULE\n"
    code += (
        "def check(view):\n    raise KeyError('x')\n    yield\nTEAM = replace(RULE, id='contoso-x', "
        "check=check)\n"
    )
    install(code, "contoso = contoso_lint:TEAM\n")
    (tmp_path / "entra-config.yaml").write_text(HEAD, encoding="utf-8")

    assert main(["lint", "-f", str(tmp_path)]) == 1
    assert "`contoso` of contoso-lint: rule `contoso-x` failed: KeyError: 'x'" in capsys.readouterr().err


def test_nothing_but_lint_loads_any() -> None:
    """No other module of the package names the loader but what lints a shard; no rule is loaded with it."""
    users = [path for path in list_files() if "entra_config.lint.plugins" in imported(path)]

    assert {name_place(path) for path in users} == {"cli/findings.py", "cli/lint.py"}
    assert set(plugins.every()) >= set(table.built_in())
