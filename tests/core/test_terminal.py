"""Text for a terminal: nothing in it acts on the terminal, and what people can read stays as it is."""

import json

import pytest

from lookalike.core.terminal import printable, printable_json


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[31mred.jpg", "\\x1b[2J\\x1b[31mred.jpg"),
        ("a\rb\nc\td", "a\\rb\\nc\\td"),
        ("\x9b1m\x7f\x00", "\\x9b1m\\x7f\\x00"),
        ("gpj.\u202eexe", "gpj.\\u202eexe"),
        ("a\u2028b", "a\\u2028b"),
        ("\udcff.jpg", "\\udcff.jpg"),
    ],
)
def test_what_would_act_on_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text", ["Zoë Kravitz", "Анна\u00a0К.", "می\u200cخواهم", "👩\u200d🎤", "C:\\photos\\me.jpg", ""]
)
def test_text_in_any_script_stays_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["\x1b[2J", "\x9b1m\x7f", "gpj.\u202eexe", "\udcff.jpg", "a\nb", "Zoë", "\U000e0001"])
def test_json_for_a_terminal_is_the_same_value_in_printable_characters(text: str) -> None:
    shown = printable_json({"photo": text})

    assert shown.isprintable()
    assert json.loads(shown) == {"photo": text}
    assert "Zoë" in printable_json("Zoë")
