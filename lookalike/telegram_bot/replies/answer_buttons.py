"""The buttons under the answer to a photo: another star, among whom, and what else can be done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from lookalike.faces.drawing.card.card import CardFormat
from lookalike.gallery.catalogue import Celebrity, CelebrityPhoto
from lookalike.gallery.celebrities import celebrity_tag
from lookalike.gallery.filters import ANYBODY, Choices, Filter
from lookalike.telegram_bot.callback_data import (
    AvatarAs,
    CardAs,
    ChallengeFriend,
    FilterList,
    KeepWhere,
    MorphAt,
    ReportStar,
    StarAt,
    Where,
    photo_tag,
)
from lookalike.telegram_bot.replies.choices import news_buttons, news_line
from lookalike.telegram_bot.replies.reply import Button, Buttons, Reply
from lookalike.telegram_bot.replies.tastes.rating import rate_button
from lookalike.telegram_bot.texts import Texts

Choice = Where | KeepWhere
IN_A_ROW = 2  # regions and years of birth


NO_CHOICES = Choices()


@dataclass(frozen=True)
class Shown:
    """Which of the stars of the main face is shown, from 0, among whom, and which filters the gallery offers."""

    place: int = 0
    where: Filter = ANYBODY
    choices: Choices = NO_CHOICES
    variant: int = 0  # of the words about the likeness
    rates: bool = False  # whether the star can be rated here
    is_group: bool = False  # several people are in the photo


def answer_buttons(
    texts: Texts,
    star: Celebrity,
    photo: CelebrityPhoto | None,
    percentage: str,
    shown: Shown,
    count: int,
    bot_name: str,
) -> Buttons:
    """The rows of buttons; `photo` is shown of the star, `count`: how many stars there are to go through."""
    name, report = (
        star.name_in(texts.language),
        ReportStar(celebrity_tag(star.id), photo_tag(photo.file) if photo else ""),
    )
    rows = [
        _steps(texts, shown, count),
        gender_row(texts, shown.where, shown.choices),
        (Button(texts("button-filters"), FilterList(shown.place, str(shown.where)).pack()),)
        if shown.choices.regions or shown.choices.eras
        else (),
    ]
    if url := star.url_in(texts.language):
        rows.append((Button(texts("button-about", star=name), url=url),))
    if photo and photo.cut_at:
        rows.append((Button(texts("button-morph"), MorphAt(shown.place, str(shown.where)).pack()),))
    rows.append((Button(texts("button-avatar"), AvatarAs("comic", "new").pack()),))
    share = f"https://t.me/share/url?url={quote(f'https://t.me/{bot_name}')}&text="
    url = share + quote(texts("share-text", star=name, percent=percentage))
    rows.append((Button(texts("button-share"), url=url, inline=name),))
    if not shown.is_group:
        rows.append(tuple(
            Button(texts(f"button-{format}"), CardAs(format, shown.place, str(shown.where)).pack())
            for format in (CardFormat.STORY, CardFormat.SQUARE)
        ))  # fmt: skip
    rows.append((Button(texts("button-challenge"), ChallengeFriend(True).pack()),))
    if shown.rates:
        rows.append((rate_button(texts, celebrity_tag(star.id)),))
    rows.append((Button(texts("button-report"), report.pack()),))
    return tuple(row for row in rows if row)


def filter_list(texts: Texts, shown: Shown) -> Buttons:
    """The regions and years of birth, and the way back to the star that is shown."""
    back = Button(texts("button-back"), StarAt(shown.place, str(shown.where)).pack())
    return (*_regions_and_eras(texts, shown.where, shown.choices, Where), (back,))


def settings_card(texts: Texts, where: Filter, choices: Choices, *, no_news: bool) -> Reply:
    """Among whom stars are looked for, and whether messages to everybody come, with buttons to choose otherwise."""
    rows = (gender_row(texts, where, choices, KeepWhere), *_regions_and_eras(texts, where, choices, KeepWhere))
    line = among(texts, where).rstrip(":\u00a0")  # French has a no-break space before its colon
    said = texts("settings", among=line[0].lower() + line[1:] if line else texts("settings-anybody"))
    news = news_buttons(texts, no_news=no_news, in_settings=True)
    return Reply(f"{said}\n\n{news_line(texts, no_news=no_news)}", (*(row for row in rows if row), *news))


def _regions_and_eras(texts: Texts, where: Filter, choices: Choices, shape: type[Choice]) -> Buttons:
    regions = [(region_name(texts, one.region), one) for one in (replace(where, region=""), *choices.regions)]
    eras = [(era_name(texts, one.born), one) for one in (replace(where, born=None), *choices.eras)]
    return (
        *_grid(texts, regions if choices.regions else [], where, shape),
        *_grid(texts, eras if choices.eras else [], where, shape),
    )


def gender_row(texts: Texts, where: Filter, choices: Choices, shape: type[Choice] = Where) -> tuple[Button, ...]:
    """Men, women, anybody; nothing where the gallery does not know."""
    filters = [*choices.genders, replace(where, gender="")] if choices.genders else []
    return tuple(_choice(texts, texts(f"where-{one.gender or 'any'}"), one, where, shape) for one in filters)


def among(texts: Texts, where: Filter) -> str:
    """Whom a filter leaves, as a line above the star; '' for everybody."""
    if where == ANYBODY:
        return ""
    who = texts(f"among-{where.gender or 'any'}")
    if where.region:
        who = f"{who} {texts('from-' + where.region.replace('_', '-'))}"
    return texts("among-born", who=who, years=era_name(texts, where.born)) if where.born else texts("among", who=who)


def region_name(texts: Texts, region: str) -> str:
    """A region in words; '' is the whole world."""
    return texts(f"region-{region.replace('_', '-')}" if region else "region-any")


def era_name(texts: Texts, born: tuple[int | None, int | None] | None) -> str:
    """Years of birth in words; None is any year."""
    if born is None:
        return texts("era-any")
    first, last = born
    if first is None:
        return texts("era-until", last=str(last))
    return texts("era-from", first=str(first)) if last is None else f"{first}–{last}"


def _steps(texts: Texts, shown: Shown, count: int) -> tuple[Button, ...]:
    """One star back, one star on."""
    where, place = str(shown.where), shown.place
    back = (Button(texts("button-previous"), StarAt(place - 1, where).pack()),) if place else ()
    on = (Button(texts("button-next"), StarAt(place + 1, where).pack()),) if place + 1 < count else ()
    return back + on


def _grid(texts: Texts, named: list[tuple[str, Filter]], where: Filter, shape: type[Choice]) -> Buttons:
    buttons = tuple(_choice(texts, name, one, where, shape) for name, one in named)
    return tuple(buttons[start : start + IN_A_ROW] for start in range(0, len(buttons), IN_A_ROW))


def _choice(texts: Texts, name: str, one: Filter, chosen: Filter, shape: type[Choice]) -> Button:
    return Button(texts("chosen", what=name) if one == chosen else name, shape(str(one)).pack())
