"""Words about a likeness: ten of each tier, never the same twice running."""

import itertools

import pytest

from lookalike.telegram_bot.replies.photo_answer import TIERS, likeness
from lookalike.telegram_bot.texts import all_texts, languages
from lookalike.telegram_bot.variants import VARIANTS, Variants

pytestmark = pytest.mark.fast
TEXTS = all_texts()


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("percentage", [least for least, _ in TIERS])
def test_each_tier_has_ten_wordings(language: str, percentage: int) -> None:
    said = {likeness(TEXTS[language], percentage, variant) for variant in range(VARIANTS)}

    assert len(said) == VARIANTS
    assert all(0 < len(words) <= 80 for words in said)


def test_the_next_answer_has_another_wording_and_a_repetition_the_same() -> None:
    variants = Variants()
    chosen = [[variants.choose(1, str(answer)) for _ in range(2)] for answer in range(300)]

    assert all(first == again for first, again in chosen)
    assert all(one[0] != after[0] for one, after in itertools.pairwise(chosen))
    assert {one[0] for one in chosen} == set(range(VARIANTS))
    assert Variants().choose(2, "7") == Variants().choose(3, "7")
