"""The documents are true: settings, rooms, files, commands and figures are those of the project."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lookalike.telegram_bot.app import HANDLER_MODULES
from lookalike.telegram_bot.registry import Registry

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "bench/README.md", "deploy/README.md", "photos/README.md", "CHANGELOG.md", "SECURITY.md")
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS if (ROOT / name).exists()}
README = TEXTS["README.md"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROGRAMS = sorted(path.name for path in ROOT.glob("*.py"))
LONGEST_LINE = 400  # characters


def test_what_is_generated_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "bench" / "readme.py"), "--check"], check=False)

    assert done.returncode == 0, "run .venv/bin/python bench/readme.py"


@pytest.mark.parametrize("name", TEXTS)
def test_every_file_that_a_document_names_exists(name: str) -> None:
    folders = {ROOT, (ROOT / name).parent}
    links = re.findall(r"\]\(([^)#:]+)\)", TEXTS[name])
    files = re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:py|md|txt|json|jsonl|toml|service|svg))`", TEXTS[name])

    missing = {one for one in links + files if not any((folder / one).exists() for folder in folders)}
    assert missing <= {"rejects.csv"}  # which a build writes


def test_every_make_target_that_is_named_exists() -> None:
    targets = {name for text in TEXTS.values() for name in re.findall(r"(?:`|^|=123:abc )make ([a-z-]+)", text, re.M)}

    assert targets >= {"run", "test", "setup-build"}
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_every_option_that_is_named_exists(program: str) -> None:
    named = {
        option
        for text in TEXTS.values()
        for line in text.splitlines()
        if f"python {program}" in line
        for option in re.findall(r"--[a-z-]+", line)
    }
    helped = help_of(program) if named else ""
    for command in re.findall(r"^    ([a-z]+)  ", helped, re.MULTILINE):
        helped += help_of(program, command)

    assert [one for one in named if one not in helped] == []


def help_of(program: str, *command: str) -> str:
    """What a program, or a command of one, says with --help."""
    told = subprocess.run([sys.executable, ROOT / program, *command, "--help"], capture_output=True, check=True)
    return told.stdout.decode()


def test_every_command_of_the_bot_is_in_the_table() -> None:
    assert [name for name in Registry.of(*HANDLER_MODULES).commands if f"`/{name}`" not in README] == []


@pytest.mark.parametrize("name", TEXTS)
def test_no_line_is_too_long_to_read(name: str) -> None:
    assert [line[:60] for line in TEXTS[name].splitlines() if len(line) > LONGEST_LINE] == []


def test_the_results_of_every_bench_are_kept_and_every_bench_is_described() -> None:
    benches = {path.name for path in (ROOT / "bench").glob("*.py")}
    named = set(re.findall(r"`(\w+\.py)`", TEXTS["bench/README.md"]))

    assert benches - named == {"photos.py", "record.py"}  # what benches share
