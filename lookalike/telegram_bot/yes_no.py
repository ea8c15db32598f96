"""Yes and no, as people type them under a question."""

from __future__ import annotations

YES = frozenset(
    {"yes", "y", "yes please", "yep", "yeah", "yup", "ok", "okay", "sure", "of course", "i agree", "agree", "agreed"}
    | {"go", "go on", "go ahead", "fine", "all right", "alright", "yes find my star", "+", "👍", "👌"}
    | {"да", "да да", "ага", "угу", "ок", "окей", "хорошо", "ладно", "конечно", "давай", "давайте", "согласен"}
    | {"согласна", "я согласен", "я согласна", "можно", "да можно", "да найди мою звезду", "го"}
)
NO = frozenset(
    {
        "no",
        "n",
        "no thanks",
        "no thank you",
        "nope",
        "nah",
        "never",
        "i do not agree",
        "i dont agree",
        "stop",
        "-",
        "👎",
    }
    | {"нет", "не", "неа", "нет спасибо", "не надо", "не хочу", "не согласен", "не согласна", "нельзя", "стоп"}
)


def is_yes(text: str) -> bool:
    """Whether a text says yes and nothing else, in any case and with any punctuation."""
    return _plain(text) in YES


def is_no(text: str) -> bool:
    """Whether a text says no and nothing else."""
    return _plain(text) in NO


def _plain(text: str) -> str:
    """Small letters and single blanks; signs only where there is nothing else."""
    words = "".join("" if letter in "'’" else letter if letter.isalnum() else " " for letter in text.casefold())
    return " ".join(words.replace("ё", "е").split()) or text.strip().rstrip("!.")[:2].rstrip("\ufe0f🏻🏼🏽🏾🏿")
