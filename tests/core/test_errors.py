"""The error tree: what the docstring draws is what the classes are."""

import re

import pytest

from lookalike.core import errors
from lookalike.core.errors import LookalikeError


def tree(error: type[LookalikeError], depth: int = 0) -> list[tuple[int, str]]:
    """The names of an error and of its subclasses, each with its depth, in the order they are defined."""
    children = [
        name for one in error.__subclasses__() if one.__module__ == errors.__name__ for name in tree(one, depth + 1)
    ]
    return [(depth, error.__name__), *children]


def test_every_error_is_in_the_drawn_tree_below_its_base() -> None:
    drawn = re.findall(r"^((?:[│ ] {3})*)(?:[├└]── )(\w+)", errors.__doc__ or "", re.MULTILINE)

    assert sorted((len(indent) // 4 + 1, name) for indent, name in drawn) == sorted(tree(LookalikeError)[1:])


@pytest.mark.parametrize("name", [name for _, name in tree(LookalikeError)])
def test_every_error_says_what_it_means(name: str) -> None:
    assert getattr(errors, name).__doc__
