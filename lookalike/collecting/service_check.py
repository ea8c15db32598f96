"""One request to each service that collecting needs: all fine, or what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from lookalike.collecting.collect import CollectOptions, check_contact
from lookalike.collecting.fetching.http_client import HttpClient
from lookalike.collecting.fetching.pace import Pace
from lookalike.collecting.wikimedia.commons import Commons, CommonsFile
from lookalike.collecting.wikimedia.wikidata import Wikidata
from lookalike.core.errors import CollectError, FetchFailed
from lookalike.core.settings import CollectorSettings
from lookalike.core.terminal import printable
from lookalike.faces.types import MAX_BYTES

SOMEBODY = "Q42"  # of Wikidata
PATIENCE_S = 20.0  # with a busy service: a check does not wait for long


async def check_services(options: CollectOptions, settings: CollectorSettings) -> int:
    """Print a line for each service; 0 if all are fine, 2 if one is not."""
    contact = options.contact or settings.collect_contact
    check_contact(contact)
    token = settings.collect_token.get_secret_value() if settings.collect_token else ""
    pace = Pace.of(options.per_minute, has_token=bool(token))
    pace = replace(pace, patience_s=PATIENCE_S, patience_unsaid_s=PATIENCE_S)
    wrong = 0
    async with HttpClient(contact, pace, token=token, tries=1) as client:
        for name, ask in _checks(client, settings, options.width_px):
            try:
                said = await ask()
            except CollectError as error:
                wrong += 1
                said = f"wrong: {error}"
            print(printable(f"{name}: {said}"))
    print("all fine" if not wrong else f"{wrong} of the services cannot be used now")
    return 2 if wrong else 0


def _checks(
    client: HttpClient, settings: CollectorSettings, width_px: int
) -> list[tuple[str, Callable[[], Awaitable[str]]]]:
    wikidata = Wikidata(client, settings.wdqs_url, settings.wikidata_api)
    commons = Commons(client, settings.commons_api, width_px)
    images: list[str] = []
    files: list[CommonsFile] = []

    async def query() -> str:
        return f"fine, {len(await wikidata.countries())} countries"

    async def person() -> str:
        found = (await wikidata.people([SOMEBODY])).get(SOMEBODY)
        if found is None:
            raise FetchFailed("left out of the answer")
        if not isinstance(found, str):
            images.extend(found.images)
            return f"fine, {SOMEBODY} is {found.celebrity.name_in('en')}"
        return f"fine, {SOMEBODY} is {found}"

    async def file() -> str:
        title = f"File:{(images or ['Example.jpg'])[0]}".replace("_", " ")
        found = (await commons.files([title])).get(title)
        if isinstance(found, CommonsFile):
            files.append(found)
        return f"fine, {title}: {found.license if isinstance(found, CommonsFile) else found}"

    async def photo() -> str:
        if not files:
            return "not asked: no photo to ask for"
        return f"fine, {len(await client.file(files[0].url, MAX_BYTES)):,} bytes"

    return [
        (settings.wdqs_url, query), (settings.wikidata_api, person), (settings.commons_api, file), ("photos", photo),
    ]  # fmt: skip
