"""Each language reads back what it was given."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
from io import StringIO

import dotenv
import pytest
import yaml
from markdown_it import MarkdownIt

from entra_config import quoting
from entra_config.errors import UsageError
from entra_config.quoting import Variable

# Words with a meaning in some language, between two others.
PIECES = (
    "a",
    " ",
    "'",
    '"',
    "`",
    "``",
    "```",
    "|",
    "\\",
    "$(id)",
    "$HOME",
    "${HOME}",
    "!x",
    "{{secret}}",
    "*b*",
    "<i>",
    "&amp;",
    "é",
    "%20",
    "#",
    "~",
    "-",
)
VALUES = sorted({f"{one}{two}" for one in PIECES for two in PIECES} | {f"x{one}y" for one in PIECES})


def test_bash_takes_words_as_they_are() -> None:
    """Nothing expands, with variables in the word or without."""
    words = [quoting.sh(value) for value in VALUES]
    words += [quoting.sh("<", Variable("V"), value, Variable("V"), ">") for value in VALUES]
    run = subprocess.run(
        ["bash", "-c", "V='$(v) w'\nprintf '%s\\0' " + " ".join(words)],
        capture_output=True,
        check=True,
        text=True,
        env={},
    )
    assert run.stdout.split("\0")[:-1] == [*VALUES, *(f"<$(v) w{value}$(v) w>" for value in VALUES)]


def test_yaml_takes_strings_as_they_are_in_a_list() -> None:
    """No bracket, comma, comment, reference or word of YAML's own in it ends the string or means
    something.
    """
    more = [
        "x],application:[Admin",
        "a, b",
        "null",
        "True",
        "1",
        "*a",
        "&a b",
        "- x",
        "a: b",
        "\u2028",
        "\x85",
        "\U0001f600",
        "\ufeff",
        "",
    ]
    values = [*VALUES, *more]
    assert yaml.safe_load(f"{{ a: [{', '.join(map(quoting.yaml, values))}] }}") == {"a": values}
    assert [quoting.yaml(value) for value in ("user.read", "Reader", "access_as-user")] == [
        "user.read",
        "Reader",
        "access_as-user",
    ]


def test_plain_words_stay_legible() -> None:
    """One pair of quotes where nothing in it lives; braces only where a name would run on."""
    uri = Variable("API_URL")
    assert quoting.sh("scope=", uri, "/user.read ", uri, "/x") == '"scope=$API_URL/user.read $API_URL/x"'
    assert quoting.sh(uri, "x") == '"${API_URL}x"'
    assert quoting.sh(uri, "/$(id)") == "\"$API_URL\"'/$(id)'"
    assert quoting.command("entra-config", "plan", "-f", "my folder") == "entra-config plan -f 'my folder'"


def test_python_reads_its_strings() -> None:
    """Beyond the first plane too, where JSON writes two halves."""
    for value in [*VALUES, "\U0001f600", "a\nb", "\u202e"]:
        assert ast.literal_eval(quoting.python(value)) == value
        assert quoting.python(value).isascii()


def test_dotenv_reads_its_values() -> None:
    """Nothing is filled in from the machine's variables."""
    text = "".join(f"K{number}={quoting.dotenv(value)}\n" for number, value in enumerate(VALUES))
    read = dotenv.dotenv_values(stream=StringIO(text))
    assert [read[f"K{number}"] for number in range(len(VALUES))] == VALUES


def test_hcl_reads_its_strings() -> None:
    """No template and no line break begins in one; what is doubled or escaped is one character again."""
    for value in (*VALUES, "a\nb\tc\u202ed\x00", "$${x} %{y} %%{z}", "\U000e0041"):
        text = quoting.hcl(value)
        assert text.isprintable()
        assert (
            re.search(r"(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{", text.replace("$${", "").replace("%%{", ""))
            is None
        )
        plain = text.replace("$${", "${").replace("%%{", "%{")
        assert ast.literal_eval(plain) == value


def test_markdown_reads_its_spans_and_blocks() -> None:
    """Code that withholds quotes, in a paragraph and in a block."""
    for value in VALUES:
        if value.strip():
            _, span, _ = MarkdownIt().parse(f"a {quoting.code_span(value)} b")[1].children or ()
            assert (span.type, span.content) == ("code_inline", value)
        (block,) = MarkdownIt().parse(quoting.fenced_block(f"{value}\n{value}", "sh"))
        assert (block.info, block.content) == ("sh", f"{value}\n{value}\n")


def test_a_table_has_as_many_cells_as_were_written() -> None:
    """A bar in code ends no cell."""
    for value in VALUES:
        if value.strip():
            tokens = MarkdownIt().enable("table").parse(f"|a|b|\n|-|-|\n| {quoting.code_cell(value)} | c |")
            cells = [tokens[at + 1] for at, token in enumerate(tokens) if token.type == "td_open"]
            assert [[each.content for each in cell.children or ()] for cell in cells] == [[value], ["c"]]


def test_postman_has_no_escape() -> None:
    """What Postman would fill in is refused where it has no escape, and JSON has one."""
    with pytest.raises(UsageError, match=r"Postman would fill `\{\{secret\}\}` in"):
        quoting.postman("a{{secret}}")
    assert quoting.postman("{a}{{") == "{a}{{"
    for value in [*VALUES, "{{{{x}}}}"]:
        text = quoting.postman_json({value: [value]})
        assert "{{" not in text
        assert json.loads(text) == {value: [value]}


def test_node_reads_strings_of_typescript() -> None:
    """All that JSON writes in ASCII is a string of JavaScript."""
    node = shutil.which("node")
    assert node, "node is there wherever the page's tests run"
    values = [*VALUES, "\u2028", "\U0001f600", "</script>"]
    script = f"console.log(JSON.stringify([{', '.join(map(quoting.typescript, values))}]))"
    assert json.loads(subprocess.run([node, "-e", script], capture_output=True, check=True).stdout) == values
