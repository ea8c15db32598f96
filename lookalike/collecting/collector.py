"""People who are asked for -> celebrities with photos on the disk: what is asked of whom, and in which order.

    wishes --Wikidata--> who they are --Commons--> files and licences --> photos on the disk

Every answer is kept before it is used, so a run does the same whether it asked just now or an hour ago, before it was
interrupted. A question without an answer costs only whom it is about, and nobody is dropped for it.
"""

from __future__ import annotations

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lookalike.collecting import commons, wikidata
from lookalike.collecting.commons import Commons, CommonsFile, likely, title_of
from lookalike.collecting.downloads import Wanted, fetch
from lookalike.collecting.http_client import HttpClient, in_parallel
from lookalike.collecting.inputs import PersonQuery
from lookalike.collecting.resumable_queries import ResumableQueries, progress_bar
from lookalike.collecting.wikidata import Found, Wikidata
from lookalike.core.errors import CollectError, FetchFailed, ServerUnavailable
from lookalike.gallery.catalogue import Celebrity, slug

ASKED_FOR_ONE = 3  # files of a category whose licence is asked for, for each photo that is wanted: some are not usable


@dataclass(frozen=True)
class Rules:
    """Whom and what a maintainer wants."""

    photos_dir: Path
    photos_per_person: int
    width_px: int
    with_politicians: bool
    deny: frozenset[str]
    occupations: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    fewest_sitelinks: int = wikidata.FEWEST_SITELINKS


@dataclass(frozen=True)
class Reject:
    """A person or a photo that is not in the catalogue, and why."""

    celebrity: str
    name: str
    photo: str
    reason: str


@dataclass
class Collector:
    """One run. `old`: the people of the catalogue that is there, by id; they stay where answers are missing."""

    rules: Rules
    fetcher: HttpClient
    questions: ResumableQueries
    wikidata: Wikidata
    commons: Commons
    old: Mapping[str, Celebrity]
    rejects: list[Reject] = field(default_factory=list)
    fetched: int = 0
    _owners: dict[str, str] = field(default_factory=dict)  # SHA-1 of an original -> id of the person who has it
    _seen: set[str] = field(default_factory=set)  # Wikidata's ids of the people who were let in

    async def famous(self) -> AsyncGenerator[PersonQuery, None]:
        """People of the occupations and countries, the most famous first; what is too much to ask is asked in parts."""
        for low, high in wikidata.bands(self.rules.fewest_sitelinks):
            found: dict[str, int] = {}
            for occupation in self.rules.occupations:
                found |= await self._slice(occupation, low, high)
            for id in sorted(found, key=lambda id: (-found[id], int(id[1:]))):
                yield PersonQuery(id, id=id)

    async def _slice(self, occupation: str, low: int, high: int | None) -> dict[str, int]:
        key = f"{occupation} {low} {high} {' '.join(self.rules.countries)}".strip()
        if (known := self.questions.answer("slice", key)) is None:
            try:
                known = await self.wikidata.famous(occupation, low, high, self.rules.countries)
            except FetchFailed as failure:
                if high and high - low > 1:
                    middle = (low + high) // 2
                    return await self._slice(occupation, low, middle) | await self._slice(occupation, middle, high)
                self.questions.unanswered["slice", key] = str(failure)
                # Nobody is dropped for an answer that did not come.
                return {
                    id: one.fame or 0
                    for id, one in self.old.items()
                    if id[1:].isdigit() and low <= (one.fame or 0) < (high or 10**9)
                }
            self.questions.keep("slice", key, known)
        return dict(known)

    async def named(self, wishes: Iterable[PersonQuery | str]) -> AsyncGenerator[PersonQuery, None]:
        """The wishes with the ids that Wikidata has for them; those it has none for are rejected."""
        wishes = list(wishes)
        self.rejects += [Reject("", "", "", wish) for wish in wishes if isinstance(wish, str)]
        chosen = [wish for wish in wishes if isinstance(wish, PersonQuery)]
        articles = sorted({wish.article for wish in chosen if wish.article and not wish.id})
        for site in dict.fromkeys(article.partition(":")[0] for article in articles):
            of_site = [article for article in articles if article.startswith(f"{site}:")]
            await self.questions.learn("article", of_site, self.wikidata.by_article, batch=wikidata.BATCH)
        ids = [wish.id or self.questions.answer("article", wish.article or "") for wish in chosen]
        nameless = [wish.name for wish, id in zip(chosen, ids, strict=True) if not id]
        await self.questions.learn("name", nameless, self.wikidata.by_name, batch=wikidata.NAMES_BATCH, at_once=1)
        for wish, id in zip(chosen, ids, strict=True):
            if id := id or self.questions.answer("name", wish.name):
                yield PersonQuery(wish.name, id=id, line=wish.line)
            elif ("name", wish.name) in self.questions.unanswered:
                self.rejects.append(Reject("", wish.name, "", self.questions.why_none("name", wish.name)))
            else:
                self.rejects.append(Reject("", wish.name, "", "nobody of that name at Wikidata"))

    async def celebrities(self, wishes: Sequence[PersonQuery]) -> list[Celebrity]:
        """Those of the people who can be used, with photos on the disk, in their order."""
        people = await self._who(wishes)
        wanted = await self._photos_of([one for one in people if isinstance(one, Found)])
        made = (self._finished(one, wanted) if isinstance(one, Found) else one for one in people)
        return [one for one in made if one]

    async def _who(self, wishes: Sequence[PersonQuery]) -> list[Found | Celebrity]:
        """Whom the rules let in, each once; somebody who could not be asked about stays as they were."""
        countries = await self._fixed("countries", self.wikidata.countries) or {}
        offices = frozenset(await self._fixed("offices", self.wikidata.offices) or ())
        ids = [wish.id or "" for wish in wishes]
        await self.questions.learn("person", ids, self.wikidata.who, batch=wikidata.BATCH, stage="people")
        people: list[Found | Celebrity] = []
        for wish in wishes:
            id = wish.id or ""
            answer = self.questions.answer("person", id)
            if answer is None:
                people += self._as_before(wish)
            elif isinstance(answer, str):
                self._reject(wish.line.id if wish.line else id, wish.name, answer)
            else:
                found = _with_country(Found.model_validate(answer), countries)
                id, found = found.celebrity.id, _with_line(found, wish.line)  # an id that was joined leads to another
                if id in self._seen:
                    if wish.name != wish.id:  # two names of one person; an id says nothing that would be lost
                        self._reject(found.celebrity.id, wish.name, "is asked for twice")
                elif reason := self._why_not(found, offices):
                    self._reject(found.celebrity.id, found.celebrity.name_in("en"), reason)
                else:
                    self._seen.add(id)
                    people.append(found)
        return people

    def is_denied(self, celebrity: Celebrity) -> bool:
        """Whether a deny-list has their id, or one of their names as folders are called."""
        return bool(self.rules.deny & {celebrity.id, *map(slug, celebrity.name.values())})

    def _why_not(self, found: Found, offices: frozenset[str]) -> str | None:
        if self.is_denied(found.celebrity):
            return "on the deny-list"
        is_politician = found.is_politician or bool(offices & set(found.offices))
        if is_politician and not self.rules.with_politicians:
            return "a politician"
        return None if found.images or found.category else "no photo at Wikidata"

    def _as_before(self, wish: PersonQuery) -> list[Celebrity]:
        """Somebody of the old catalogue, as they were there, when what is asked of them is not answered."""
        id = wish.line.id if wish.line else wish.id or ""
        old = self.old.get(id)
        if old is None or self.is_denied(old):
            self._reject(id, wish.name, self.questions.why_none("person", wish.id or ""))
            return []
        return [old]

    async def _photos_of(self, people: Sequence[Found]) -> dict[str, list[Wanted]]:
        """The photos that each has in the end, by id; those that were missing are fetched."""
        few = [one.category for one in people if one.category and len(one.images) < self.rules.photos_per_person]
        await self.questions.learn("category", few, self._members, stage="categories")
        titles = [title for one in people for title in self._titles(one)]
        await self.questions.learn(self._file, titles, self.commons.files, batch=commons.BATCH, stage="licences")
        while True:  # in the place of a photo that turns out to be unusable, the next one is taken
            chosen = {one.celebrity.id: self._choose(one) for one in people}
            if not await self.fetch_all(wanted for photos in chosen.values() for wanted in photos):
                return chosen

    async def _members(self, categories: Sequence[str]) -> dict[str, list[str]]:
        return {category: await self.commons.members(category) for category in categories}

    @property
    def _file(self) -> str:
        """The kind of note for files; another width has other addresses."""
        return f"file {self.rules.width_px}"

    def _titles(self, person: Found) -> list[str]:
        """Files that may show somebody: their images, then those of their category."""
        images = [title_of(image) for image in person.images if "|" not in image]
        members = likely(self.questions.answer("category", person.category or "") or (), person.celebrity.name_in("en"))
        missing = max(0, self.rules.photos_per_person - len(images))
        return list(dict.fromkeys(images + members[: missing * ASKED_FOR_ONE]))

    def _choose(self, person: Found) -> list[Wanted]:
        """The first usable photos; why the ones before them are not, goes to the rejects at the end."""
        chosen: dict[str, Wanted] = {}
        for title in self._titles(person):
            answer = self.questions.answer(self._file, title)
            if isinstance(answer, dict) and len(chosen) < self.rules.photos_per_person:
                file = CommonsFile.model_validate(answer)
                wanted = self._wanted(person.celebrity.id, file)
                if not self._why_not_photo(wanted, file.sha1):
                    self._owners[file.sha1] = person.celebrity.id
                    chosen[file.sha1] = wanted
        return list(chosen.values())

    def _wanted(self, id: str, file: CommonsFile) -> Wanted:
        return Wanted(
            celebrity=id,
            stem=f"{file.sha1[:20]}-{self.rules.width_px}",
            url=file.url,
            sha1=file.sha1 if file.is_original else None,
            source_url=file.source_url,
            author=file.author,
            license=file.license,
            license_url=file.license_url,
        )

    def _why_not_photo(self, wanted: Wanted, sha1: str = "") -> str | None:
        if self._owners.get(sha1, wanted.celebrity) != wanted.celebrity:
            return "is a photo of somebody more famous, too"  # whose face is it?
        if ("photo", wanted.url) in self.questions.unanswered:
            return self.questions.why_none("photo", wanted.url)
        refused = self.questions.answer("refused", wanted.url)
        return str(refused) if refused else None

    async def fetch_all(self, photos: Iterable[Wanted], borne: type[CollectError] = FetchFailed) -> int:
        """Fetch those photos that are not on the disk, and can be had as far as is known; how many those were.

        `borne`: what else than FetchFailed costs one photo only.
        """
        by_url = {one.url: one for one in photos if not self._why_not_photo(one)}
        missing = [one for one in by_url.values() if one.path(self.rules.photos_dir) is None]
        before_bytes, done = self.fetcher.received_bytes, itertools.count(1)
        with progress_bar("photos", len(missing), "photo") as bar:

            async def one(wanted: Wanted) -> None:
                await self._fetch(wanted, borne)
                mb, count = (self.fetcher.received_bytes - before_bytes) / 1e6, next(done)
                bar.set_postfix_str(f"{mb:.0f} MB, {mb / count * (len(missing) - count):.0f} MB to go", refresh=False)
                bar.update()

            await in_parallel(missing, one)
        return len(missing)

    async def _fetch(self, wanted: Wanted, borne: type[CollectError]) -> None:
        try:
            refused = await fetch(self.fetcher, wanted, self.rules.photos_dir)
        except (FetchFailed, borne) as failure:
            self.questions.unanswered["photo", wanted.url] = str(failure)
            return
        if refused:
            self.questions.keep("refused", wanted.url, refused)
        else:
            self.fetched += 1

    def _finished(self, person: Found, chosen: Mapping[str, Sequence[Wanted]]) -> Celebrity | None:
        """Somebody with the photos that are on the disk; None, with reasons in the rejects, if there are none."""
        celebrity = person.celebrity
        id, name, is_sure = celebrity.id, celebrity.name_in("en"), True
        if ("category", person.category or "") in self.questions.unanswered:
            is_sure = False
        for title in self._titles(person):
            answer = self.questions.answer(self._file, title)
            if isinstance(answer, dict):
                file = CommonsFile.model_validate(answer)
                reason = self._why_not_photo(self._wanted(id, file), file.sha1)
                is_sure = is_sure and ("photo", file.url) not in self.questions.unanswered
            else:
                reason = answer or self.questions.why_none(self._file, title)
                is_sure = is_sure and answer is not None
            if reason:
                self._reject(id, name, reason, title)
        if not is_sure and id in self.old:
            return self.old[id]
        photos = tuple(filter(None, (one.as_photo(self.rules.photos_dir) for one in chosen[id])))
        if not photos:
            self._reject(id, name, "no usable photo")
            return None
        return celebrity.model_copy(update={"photos": photos})

    async def of_links(self, links: Iterable[tuple[Celebrity, Wanted] | str]) -> list[Celebrity]:
        """Celebrities with photos from a maintainer's list of links, whose licences are the maintainer's word."""
        people: dict[str, Celebrity] = {}
        wanted: dict[str, list[Wanted]] = {}
        owners: dict[str, str] = {}
        for link in links:
            if isinstance(link, str):
                self.rejects.append(Reject("", "", "", link))
                continue
            celebrity, photo = link
            if self.is_denied(celebrity):
                self._reject(celebrity.id, celebrity.name_in("en"), "on the deny-list")
            elif owners.setdefault(photo.url, celebrity.id) != celebrity.id:
                self._reject(celebrity.id, celebrity.name_in("en"), "is a photo of somebody else, too", photo.url)
            else:
                people.setdefault(celebrity.id, celebrity)
                wanted.setdefault(celebrity.id, []).append(photo)
        # On a list there are many servers, and one that is away is no reason to do without the others.
        await self.fetch_all((photo for photos in wanted.values() for photo in photos), borne=ServerUnavailable)
        made = (self._linked(people[id], photos) for id, photos in wanted.items())
        return [one for one in made if one]

    def _linked(self, celebrity: Celebrity, wanted: Sequence[Wanted]) -> Celebrity | None:
        name = celebrity.name_in("en")
        photos = []
        for one in dict.fromkeys(wanted):
            if photo := one.as_photo(self.rules.photos_dir):
                photos.append(photo)
            else:
                self._reject(celebrity.id, name, self._why_not_photo(one) or "not fetched", one.url)
        if not photos:
            self._reject(celebrity.id, name, "no usable photo")
            return None
        return celebrity.model_copy(update={"photos": tuple(photos)})

    async def _fixed(self, kind: str, ask: Callable[[], Awaitable[Any]]) -> Any:
        """The answer to a question that has no key; None if there is none."""

        async def ask_one(keys: Sequence[str]) -> dict[str, Any]:
            return {keys[0]: await ask()}

        await self.questions.learn(kind, ["all"], ask_one)
        return self.questions.answer(kind, "all")

    def _reject(self, id: str, name: str, reason: str, photo: str = "") -> None:
        self.rejects.append(Reject(id, name, photo, reason))


def _with_country(found: Found, countries: Mapping[str, str]) -> Found:
    """With the code of the first of their countries that has one."""
    country = next((countries[id] for id in found.citizenships if id in countries), None)
    return found.model_copy(update={"celebrity": found.celebrity.model_copy(update={"country": country})})


def _with_line(found: Found, line: Celebrity | None) -> Found:
    """Wikidata's answer, with what the maintainer's own line says in its place."""
    if line is None:
        return found
    said = {name: getattr(line, name) for name in line.model_fields_set - {"photos"}}
    said["name"] = found.celebrity.name | line.name
    said["description"] = found.celebrity.description | line.description
    return found.model_copy(update={"celebrity": found.celebrity.model_copy(update=said)})
