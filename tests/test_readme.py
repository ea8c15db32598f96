"""The README is true: settings, files, commands and figures are those of the project."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def test_settings_and_figures_are_those_of_the_code_and_the_results() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "bench" / "readme.py"), "--check"], check=False)

    assert done.returncode == 0, "run .venv/bin/python bench/readme.py"


def test_every_module_is_in_the_map_of_files() -> None:
    listed = set(re.findall(r"`(\w+\.py)`", README.split("## Files")[1].split("## Settings")[0]))

    assert listed == {path.name for path in ROOT.glob("*.py")}


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"(?:`|\()((?:assets|bench|tests|locales)/[\w./-]+\.\w+)", README))

    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"(?:`|^|=123:abc )make ([a-z]+)", README, re.MULTILINE))

    assert targets >= {"run", "test"}
    assert [target for target in targets if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)] == []


def test_every_command_line_option_that_is_named_exists() -> None:
    for script in ("matcher.py", "build_index.py", "collect_photos.py"):
        helped = subprocess.run(
            [sys.executable, str(ROOT / script), "--help"], capture_output=True, text=True, check=True
        ).stdout
        for line in README.splitlines():
            if f"python {script}" in line:
                assert [one for one in re.findall(r"--[a-z-]+", line) if one not in helped] == []


def test_every_command_of_the_bot_is_in_the_table() -> None:
    from lookalike.telegram_bot import replies

    assert [name for name in replies.COMMANDS if f"`/{name}`" not in README] == []
