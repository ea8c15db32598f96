"""Ids and names of items; names are found whatever their case, and similar ones suggested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from rapidfuzz import fuzz, process

from lookalike.core.errors import UnknownNames

SUGGESTIONS = 3
LEAST_SIMILARITY = 60.0  # of 100, rapidfuzz's WRatio; a slip in a word of six letters gives 83


class ItemNames:
    """The names of items, by row; `ids` (items,) in the same order. An item without a name is called by its id."""

    def __init__(self, ids: Iterable[str], names: Mapping[str, str] | None = None) -> None:
        self.ids = tuple(ids)
        self.names = tuple((names or {}).get(id, id) for id in self.ids)
        self.by_id = {id: row for row, id in enumerate(self.ids)}

    def __getitem__(self, row: int) -> str:
        return self.names[row]

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, id: object) -> bool:
        return id in self.by_id

    @cached_property
    def _by_name(self) -> dict[str, int]:
        """The first row of each name, as folded()."""
        rows: dict[str, int] = {}
        for row, name in enumerate(self.names):
            rows.setdefault(folded(name), row)
        return rows

    def find(self, name: str) -> int | None:
        """The row of an item by name, whatever its case and spaces, or by id; None if there is none."""
        return self._by_name.get(folded(name), self.by_id.get(name.strip()))

    def suggest(self, name: str, count: int = SUGGESTIONS) -> list[str]:
        """The most similar names, best first; none if nothing is near."""
        found = process.extract(
            folded(name), list(self._by_name), scorer=fuzz.WRatio, limit=count, score_cutoff=LEAST_SIMILARITY
        )
        return [self.names[self._by_name[match]] for match, _, _ in found]

    def require(self, names: Iterable[str]) -> list[int]:
        """The rows of all these names; UnknownNames, with suggestions for each unknown one."""
        rows = {name: self.find(name) for name in names}
        unknown = tuple(name for name, row in rows.items() if row is None)
        if unknown:
            raise UnknownNames("\n".join(map(self._no_such, unknown)), unknown)
        return [row for row in rows.values() if row is not None]

    def _no_such(self, name: str) -> str:
        near = self.suggest(name)
        hint = f"; similar: {', '.join(near)}" if near else ""
        return f"nobody has rated {name!r}{hint}"


def folded(name: str) -> str:
    """A name as names are compared: without case, with single spaces."""
    return " ".join(name.casefold().split())
