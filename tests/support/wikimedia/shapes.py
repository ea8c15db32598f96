"""JSON of Wikidata and Wikimedia Commons as the real services write it, from the stand-in's data."""

import re
from typing import Any
from urllib.parse import quote

from tests.support.wikimedia.data import CommonsUpload, Json, sha1

ENTITY = "http://www.wikidata.org/entity/"
TRACKING = "?utm_source=commons.wikimedia.org&utm_campaign=index&utm_content="
# What CommonsMetadata's LicenseParser knows; every other licence has no `License`.
KNOWN_LICENCES = re.compile(r"cc0|cc-zero|cc-pd|pd|cc-by(-sa)?-\d(\.\d)?(-[a-z]{2})?")


def row(**values: Any) -> Json:
    """A row of SPARQL's JSON: items as URIs, everything else as literals."""
    cells = {name: str(value) for name, value in values.items()}
    return {
        name: {"type": "uri", "value": f"{ENTITY}{text}"}
        if re.fullmatch(r"Q\d+", text)
        else {"type": "literal", "value": text}
        for name, text in cells.items()
    }


def file_page(title: str, upload: CommonsUpload | None, width: int, host: str, *, has_info: bool = True) -> Json:
    """A page of a file in a response of `prop=imageinfo`."""
    if upload is None:
        return {"ns": 6, "title": title, "missing": True, "imagerepository": ""}
    page: Json = {"pageid": 1, "ns": 6, "title": title, "imagerepository": "local"}
    if not has_info:
        return page
    if upload.is_lost:
        return page | {"imageinfo": [{"filemissing": True}]}
    name = quote(title.removeprefix("File:").replace(" ", "_"))
    url = f"{host}/original/{name}"
    is_scaled = upload.thumb is not None
    end = ".jpg" if upload.mime == "image/tiff" else ""
    info = {
        "mime": upload.mime, "sha1": sha1(upload.original), "size": len(upload.original),
        "url": f"{url}{TRACKING}original",
        "thumburl": f"{host}/thumb/{width}px-{name}{end}{TRACKING}thumbnail"
        if is_scaled else f"{url}{TRACKING}thumbnail_unscaled",
        "descriptionurl": f"https://commons.wikimedia.org/wiki/File:{name}",
        "extmetadata": extmetadata(upload),
    }  # fmt: skip
    return page | {"imageinfo": [info]}


def extmetadata(upload: CommonsUpload) -> Json:
    """The fields that the templates of a file page give."""
    licence = upload.license
    known = {"License": licence.lower()} if licence and KNOWN_LICENCES.fullmatch(licence.lower()) else {}
    named = {} if licence is None else {
        "LicenseShortName": _short_name(licence), "LicenseUrl": f"https://creativecommons.org/licenses/{licence}",
        "Copyrighted": "True",
    }  # fmt: skip
    fields = (
        known | named | {"Artist": upload.artist, "CommonsMetadataExtension": 1.2, "Restrictions": ""} | upload.meta
    )
    return {
        name: {"value": value, "source": "commons-desc-page"} for name, value in fields.items() if value is not None
    }


def _short_name(licence: str) -> str:
    """`CC BY-SA 4.0` for cc-by-sa-4.0; other names as they are."""
    match = re.fullmatch(r"cc-(by(?:-nc)?(?:-sa|-nd)?)-([\d.]+)(?:-(\w+))?", licence)
    return f"CC {match[1].upper()} {match[2]} {match[3] or ''}".strip() if match else licence
