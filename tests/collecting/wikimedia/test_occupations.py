"""Occupations as words or as ids."""

import pytest

from lookalike.collecting.wikimedia.occupations import OCCUPATIONS, occupation_ids


def test_occupations_are_words_or_ids() -> None:
    assert occupation_ids(["comedian", "Q123", "Q245068"]) == ["Q245068", "Q123"]
    assert "Q33999" in occupation_ids(OCCUPATIONS)
    with pytest.raises(KeyError, match="astrologer"):
        occupation_ids(["astrologer"])
