"""People of Wikidata -> their freely licensed photos of Commons, downloaded.

A photo of the previous catalogue leaves it only by a verdict on the photo itself: its licence, its deletion, a better
one in its place. What a service does not answer changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from lookalike.collecting.downloads import PhotoDownloader, WantedPhoto
from lookalike.collecting.run import CollectRun
from lookalike.collecting.wikimedia import commons
from lookalike.collecting.wikimedia.commons import Commons, CommonsFile, likely, title_of
from lookalike.collecting.wikimedia.items import WikidataPerson
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto

TITLES_PER_PHOTO = 3  # files of a category whose licence is asked for, for each photo wanted: some are not usable
DENIED = "on the deny-list"


@dataclass
class CommonsPhotos:
    """Chooses and downloads the photos of people; a photo belongs to the most famous person who has it."""

    run: CollectRun
    commons: Commons
    downloader: PhotoDownloader
    _owners: dict[str, str] = field(default_factory=dict)  # SHA-1 of an original -> id of the person who has it
    _searched: set[str] = field(default_factory=set)  # Wikidata's ids of people whose categories were asked for

    @property
    def is_stopped(self) -> bool:
        """Whether no photos can be had any more: a server that they need is given up."""
        return bool(self.run.queries.gone_kinds & {"person", "category", "depicts", self._file, "photo"})

    async def celebrities(self, people: Sequence[WikidataPerson | Celebrity]) -> list[Celebrity]:
        """The people with photos on the disk, in order; those of the previous catalogue as they were there."""
        chosen = await self._download([one for one in people if isinstance(one, WikidataPerson)])
        made = (self._celebrity(one, chosen) if isinstance(one, WikidataPerson) else one for one in people)
        return [one for one in made if one]

    async def _download(self, people: Sequence[WikidataPerson]) -> dict[str, list[WantedPhoto]]:
        """The photos of each person, by id, the missing ones downloaded."""
        wanted = self.run.rules.photos_per_person
        await self._search([one for one in people if len(self._titles(one)) < wanted])
        await self._ask_licences(people)
        while True:  # a photo that turns out to be unusable is replaced by the next one
            chosen = {one.celebrity.id: self._choose(one) for one in people}
            few = [
                one
                for one in people
                if len(chosen[one.celebrity.id]) < wanted and one.wikidata_id not in self._searched
            ]
            if few:
                await self._search(few)
                await self._ask_licences(few)
            elif not await self.downloader.download_all(photo for photos in chosen.values() for photo in photos):
                return chosen

    async def _search(self, people: Sequence[WikidataPerson]) -> None:
        """Ask for the files of their categories, and where these are few, for those that say they depict them."""
        queries = self.run.queries
        self._searched |= {one.wikidata_id for one in people}
        categories = [name for one in people for name in one.categories]
        await queries.resolve("category", categories, self._members, stage="categories")
        few = [one.wikidata_id for one in people if len(self._titles(one)) < self.run.rules.photos_per_person]
        await queries.resolve("depicts", few, self._depicting, stage="depicted")

    async def _ask_licences(self, people: Sequence[WikidataPerson]) -> None:
        files = [title for one in people for title in self._titles(one)]
        await self.run.queries.resolve(self._file, files, self.commons.files, batch=commons.BATCH, stage="licences")

    async def _members(self, categories: Sequence[str]) -> dict[str, list[str]]:
        return {category: await self.commons.members(category) for category in categories}

    async def _depicting(self, ids: Sequence[str]) -> dict[str, list[str]]:
        return {id: await self.commons.depicting(id) for id in ids}

    @property
    def _file(self) -> str:
        """The kind of query for files; another width has other URLs."""
        return f"file {self.run.rules.width_px}"

    def _titles(self, person: WikidataPerson) -> list[str]:
        """Files that may show a person: their images, those of the previous catalogue, and what a search found.

        Whoever has enough photos from last time is not searched for: their licences are asked for, 50 a request.
        """
        queries, name = self.run.queries, person.celebrity.name_in("en")
        previous = self.run.previous.get(person.celebrity.id)
        known = [title_of(image) for image in person.images if "|" not in image]
        known += filter(None, (_title_of(photo) for photo in (previous.photos if previous else ())))
        known = list(dict.fromkeys(known))
        if person.wikidata_id not in self._searched:
            return known
        in_categories = [title for one in person.categories for title in queries.answer("category", one) or ()]
        members = likely(in_categories, name) + likely(queries.answer("depicts", person.wikidata_id) or (), name)
        missing = self.run.rules.photos_per_person
        return list(dict.fromkeys([*known, *members]))[: len(known) + missing * TITLES_PER_PHOTO]

    def _choose(self, person: WikidataPerson) -> list[WantedPhoto]:
        """The first usable photos; the others become rejects at the end."""
        chosen: dict[str, WantedPhoto] = {}
        for title in self._titles(person):
            answer = self.run.queries.answer(self._file, title)
            if isinstance(answer, dict) and len(chosen) < self.run.rules.photos_per_person:
                file = CommonsFile.model_validate(answer)
                wanted = self._wanted(person.celebrity.id, file)
                if not self._why_not(wanted, file):
                    self._owners[file.sha1] = person.celebrity.id
                    chosen[file.sha1] = wanted
        return list(chosen.values())

    def _wanted(self, id: str, file: CommonsFile) -> WantedPhoto:
        return WantedPhoto(
            celebrity=id,
            stem=f"{file.sha1[:20]}-{self.run.rules.width_px}",
            url=file.url,
            sha1=file.sha1 if file.is_original else None,
            source_url=file.source_url,
            author=file.author,
            license=file.license,
            license_url=file.license_url,
        )

    def _why_not(self, wanted: WantedPhoto, file: CommonsFile) -> str | None:
        if not self.run.rules.deny.isdisjoint({file.title, file.sha1, file.source_url}):
            return DENIED
        if self._owners.get(file.sha1, wanted.celebrity) != wanted.celebrity:
            return "is a photo of somebody more famous, too"  # whose face it is cannot be known
        return self.downloader.why_not(wanted)

    def _celebrity(self, person: WikidataPerson, chosen: Mapping[str, list[WantedPhoto]]) -> Celebrity | None:
        """With the photos on the disk, and earlier ones in the place of those that could not be had; None without."""
        celebrity, rules = person.celebrity, self.run.rules
        is_answered = self._reject_unused(person)
        photos = [photo for one in chosen[celebrity.id] if (photo := one.as_photo(rules.photos_dir))]
        if not is_answered and len(photos) < rules.photos_per_person:
            photos = (photos + self._earlier(celebrity.id, photos))[: rules.photos_per_person]
        photos = [one for one in photos if rules.deny.isdisjoint({one.file, one.sha1 or ""})]
        if not photos:
            reason = "no usable photo" if is_answered else "no photo could be had"
            self.run.reject(celebrity.id, celebrity.name_in("en"), reason, is_final=is_answered)
            return None
        return celebrity.model_copy(update={"photos": tuple(photos)})

    def _earlier(self, id: str, photos: Sequence[CelebrityPhoto]) -> list[CelebrityPhoto]:
        """The photos of the previous catalogue that are there, unless Commons says that one may not be shown."""
        previous = self.run.previous.get(id)
        has = {photo.source_url for photo in photos} | {photo.file for photo in photos}
        return [
            photo
            for photo in (previous.photos if previous else ())
            if not has & {photo.source_url, photo.file}
            and (self.run.rules.photos_dir / photo.file).is_file()
            and not self._verdict(photo)
        ]

    def _verdict(self, photo: CelebrityPhoto) -> str | None:
        """Why an earlier photo may not be shown any more, as far as Commons has said."""
        answer = self.run.queries.answer(self._file, _title_of(photo))
        if isinstance(answer, dict) and not self.run.rules.deny.isdisjoint({answer["title"], answer["sha1"]}):
            return DENIED
        return answer if isinstance(answer, str) else None

    def _reject_unused(self, person: WikidataPerson) -> bool:
        """Reject each file that cannot be used; whether every query about the person was answered."""
        queries, celebrity = self.run.queries, person.celebrity
        asked = [*(("category", name) for name in person.categories), ("depicts", person.wikidata_id)]
        is_answered = queries.unanswered.keys().isdisjoint(asked)
        for title in self._titles(person):
            answer = queries.answer(self._file, title)
            if isinstance(answer, dict):
                file = CommonsFile.model_validate(answer)
                reason = self._why_not(self._wanted(celebrity.id, file), file)
                is_answered = is_answered and ("photo", file.url) not in queries.unanswered
            else:
                reason = answer or queries.why_unanswered(self._file, title)
                is_answered = is_answered and answer is not None
            if reason:
                self.run.reject(celebrity.id, celebrity.name_in("en"), reason, title)
        return is_answered


def _title_of(photo: CelebrityPhoto) -> str:
    """The title at Commons of a photo of a catalogue; '' for one from elsewhere."""
    name = unquote((photo.source_url or "").partition("/wiki/File:")[2])
    return title_of(name) if name else ""
