"""Stars with names that people type, and ratings of them: what is asked without a photo."""

import json
from pathlib import Path

import httpx
import numpy as np
from PIL import Image

from lookalike.faces.types import EMBEDDING_SIZE, Embedding
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.gallery import Gallery
from lookalike.indexing.index_entries import IndexEntry
from lookalike.indexing.index_writer import write_index
from lookalike.taste.ratings import ratings_of
from lookalike.taste.taste_model import TasteModel
from lookalike.taste.training import train

ACTORS = {
    "Q1": ("Angelina Jolie", "Анджелина Джоли"), "Q2": ("Scarlett Johansson", "Скарлетт Йоханссон"),
    "Q3": ("Will Smith", "Уилл Смит"), "Q4": ("Maggie Smith", "Мэгги Смит"), "Q5": ("Keanu Reeves", "Киану Ривз"),
    "Q6": ("Penélope Cruz", "Пенелопа Крус"),
}  # fmt: skip
SINGERS = {
    "Q7": ("Freddie Mercury", "Фредди Меркьюри"), "Q8": ("Madonna", "Мадонна"), "Q9": ("Shakira", "Шакира"),
    "Q10": ("Elton John", "Элтон Джон"), "Q11": ("Beyoncé", "Бейонсе"), "Q12": ("Rihanna", "Рианна"),
}  # fmt: skip
STARS = ACTORS | SINGERS
PHOTO = "Q2/1.png"  # the only one on disk; of Scarlett Johansson, whose face is the nearest to Angelina Jolie's
NEAREST_TO_JOLIE = "Q2"


def face(number: int) -> Embedding:
    """That of star Q`number`; the second one's is like the first one's."""
    drawn = [np.random.default_rng(seed).standard_normal(EMBEDDING_SIZE) for seed in (number, 1)]
    vector = drawn[0] + (4 * drawn[1] if number == 2 else 0)
    return (vector / np.linalg.norm(vector) * 0.5).astype(np.float32)


def star(id: str) -> IndexEntry:
    number, (name, russian) = int(id[1:]), STARS[id]
    photo = CelebrityPhoto(
        file=PHOTO, author="A. Photographer", license="CC BY-SA 4.0", source_url="https://photo.example"
    )
    celebrity = Celebrity(
        id=id, name={"en": name, "ru": russian}, description={"en": "actor" if id in ACTORS else "singer"},
        url=f"https://en.wikipedia.org/wiki/{id}", fame=100 - number, photos=(photo,) if id == "Q2" else (),
    )  # fmt: skip
    return IndexEntry(celebrity, face(number), face(number)[None, :])


def star_gallery(directory: Path) -> Gallery:
    """An index of STARS, written and loaded, with the photo in `directory/photos`."""
    index, photo = directory / "index", directory / "photos" / PHOTO
    index.mkdir(parents=True)
    photo.parent.mkdir(parents=True)
    Image.linear_gradient("L").convert("RGB").save(photo)
    write_index([star(id) for id in STARS], index)
    return Gallery.load(index)


def taste_of_two_camps() -> TasteModel:
    """Half of 60 people love the actors, half the singers; Q12 was rated by nobody; "gone" is not in the gallery."""
    random = np.random.default_rng(0)
    camps = [*ACTORS], [id for id in SINGERS if id != "Q12"] + ["gone"]
    triples = []
    for user in range(60):
        loved, other = camps if user % 2 else camps[::-1]
        triples += [(f"u{user}", str(id), float(random.integers(8, 11))) for id in random.choice(loved, 4, False)]
        triples += [(f"u{user}", str(id), 2.0) for id in random.choice(other, 2, False)]
    return train(ratings_of(triples))


async def similar(client: httpx.AsyncClient, name: str, **query: object) -> httpx.Response:
    return await client.get("/api/similar", params={"name": name, **{key: str(one) for key, one in query.items()}})


async def recommend(client: httpx.AsyncClient, ratings: object, **body: object) -> httpx.Response:
    return await client.post("/api/recommend", content=json.dumps({"ratings": ratings, **body}))
