"""People of Wikidata -> their freely licensed photos of Commons, downloaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lookalike.collecting import commons
from lookalike.collecting.commons import Commons, CommonsFile, likely, title_of
from lookalike.collecting.downloads import PhotoDownloader, WantedPhoto
from lookalike.collecting.run import CollectRun
from lookalike.collecting.wikidata import WikidataPerson
from lookalike.gallery.catalogue import Celebrity

TITLES_PER_PHOTO = 3  # files of a category whose licence is asked for, for each photo wanted: some are not usable


@dataclass
class CommonsPhotos:
    """Chooses and downloads the photos of people; a photo belongs to the most famous person who has it."""

    run: CollectRun
    commons: Commons
    downloader: PhotoDownloader
    _owners: dict[str, str] = field(default_factory=dict)  # SHA-1 of an original -> id of the person who has it

    async def celebrities(self, people: Sequence[WikidataPerson | Celebrity]) -> list[Celebrity]:
        """The people with photos on the disk, in order; those of the previous catalogue as they were there."""
        chosen = await self._download([one for one in people if isinstance(one, WikidataPerson)])
        made = (self._celebrity(one, chosen) if isinstance(one, WikidataPerson) else one for one in people)
        return [one for one in made if one]

    async def _download(self, people: Sequence[WikidataPerson]) -> dict[str, list[WantedPhoto]]:
        """The photos of each person, by id, the missing ones downloaded."""
        queries, wanted_photos = self.run.queries, self.run.rules.photos_per_person
        categories = [one.category for one in people if one.category and len(one.images) < wanted_photos]
        await queries.resolve("category", categories, self._members, stage="categories")
        titles = [title for one in people for title in self._titles(one)]
        await queries.resolve(self._file, titles, self.commons.files, batch=commons.BATCH, stage="licences")
        while True:  # a photo that turns out to be unusable is replaced by the next one
            chosen = {one.celebrity.id: self._choose(one) for one in people}
            if not await self.downloader.download_all(photo for photos in chosen.values() for photo in photos):
                return chosen

    async def _members(self, categories: Sequence[str]) -> dict[str, list[str]]:
        return {category: await self.commons.members(category) for category in categories}

    @property
    def _file(self) -> str:
        """The kind of query for files; another width has other URLs."""
        return f"file {self.run.rules.width_px}"

    def _titles(self, person: WikidataPerson) -> list[str]:
        """Files that may show a person: their images, then those of their category."""
        images = [title_of(image) for image in person.images if "|" not in image]
        category = self.run.queries.answer("category", person.category or "") or ()
        members = likely(category, person.celebrity.name_in("en"))
        missing = max(0, self.run.rules.photos_per_person - len(images))
        return list(dict.fromkeys(images + members[: missing * TITLES_PER_PHOTO]))

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
        if self._owners.get(file.sha1, wanted.celebrity) != wanted.celebrity:
            return "is a photo of somebody more famous, too"  # whose face it is cannot be known
        return self.downloader.why_not(wanted)

    def _celebrity(self, person: WikidataPerson, chosen: Mapping[str, list[WantedPhoto]]) -> Celebrity | None:
        """With the photos on the disk; as in the previous catalogue where an answer is missing; None without photos."""
        celebrity, photos_dir = person.celebrity, self.run.rules.photos_dir
        id, name = celebrity.id, celebrity.name_in("en")
        is_answered = self._reject_unused(person)
        if not is_answered and id in self.run.previous:
            return self.run.previous[id]
        photos = tuple(filter(None, (one.as_photo(photos_dir) for one in chosen[id])))
        if not photos:
            self.run.reject(id, name, "no usable photo")
            return None
        return celebrity.model_copy(update={"photos": photos})

    def _reject_unused(self, person: WikidataPerson) -> bool:
        """Reject each file that cannot be used; whether every query about the person was answered."""
        queries, celebrity = self.run.queries, person.celebrity
        is_answered = ("category", person.category or "") not in queries.unanswered
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
