"""A maintainer's list of people -> their ids at Wikidata: by id, by article, by name or by alias."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence

from lookalike.collecting.inputs import PersonQuery
from lookalike.collecting.run import CollectRun
from lookalike.collecting.wikimedia import wikidata
from lookalike.collecting.wikimedia.wikidata import Namesake, Wikidata
from lookalike.core.terminal import printable

LESS_FAMOUS = 3  # times: a namesake with so many fewer sitelinks is not meant
SHOWN = 5  # namesakes

Choose = Callable[[str, Sequence[Namesake]], Namesake]


async def named(
    run: CollectRun, source: Wikidata, lines: Iterable[PersonQuery | str], choose: Choose
) -> AsyncGenerator[PersonQuery, None]:
    """The queries of a list with Wikidata's ids; wrong lines and people unknown to Wikidata are rejected.

    `choose` is asked which of several people of one name is meant, unless one of them is far more famous.
    """
    lines, queries = list(lines), run.queries
    for line in lines:
        if isinstance(line, str):
            run.reject("", "", line)
    people = [line for line in lines if isinstance(line, PersonQuery)]
    if not run.rules.occupations:
        queries.progress.expect_people(len(people))
    articles = sorted({person.article for person in people if person.article and not person.id})
    for site in dict.fromkeys(article.partition(":")[0] for article in articles):
        of_site = [article for article in articles if article.startswith(f"{site}:")]
        await queries.resolve("article", of_site, source.by_article, batch=wikidata.BATCH)
    ids = [person.id or queries.answer("article", person.article or "") for person in people]
    names = [name for person, id in zip(people, ids, strict=True) if not id for name in person.names]
    await queries.resolve("name", names, source.by_name, batch=wikidata.NAMES_BATCH, at_once=1)
    for person, id in zip(people, ids, strict=True):
        if id := id or _id_of(run, person, choose):
            yield PersonQuery(person.name, id=id, line=person.line)


def _id_of(run: CollectRun, person: PersonQuery, choose: Choose) -> str | None:
    """The id of the person of that name, or of the first alias that somebody has; None, and a reject, for nobody."""
    queries = run.queries
    for name in person.names:
        found = [Namesake(*one) for one in queries.answer("name", name) or ()]
        meant = [one for one in found if one.fame * LESS_FAMOUS >= found[0].fame]
        if len(meant) > 1:
            known = queries.answer("chosen", person.name)
            choice = next((one for one in meant if one.id == known), None) or choose(person.name, meant[:SHOWN])
            queries.keep("chosen", person.name, choice.id)
            others = ", ".join(f"{one.id} ({one.what or '?'})" for one in meant[:SHOWN] if one.id != choice.id)
            run.note(choice.id, person.name, f"taken for {choice.what or choice.id}; of that name, too: {others}")
            return choice.id
        if meant:
            return meant[0].id
    unanswered = next((name for name in person.names if ("name", name) in queries.unanswered), None)
    why = queries.why_unanswered("name", unanswered) if unanswered else "nobody of that name at Wikidata"
    run.reject(person.line.id if person.line else "", person.name, why, is_final=not unanswered)
    return None


def ask_on_terminal(name: str, people: Sequence[Namesake]) -> Namesake:
    """The one that the maintainer names at the terminal; the most famous where there is none."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return people[0]
    print(printable(f"\nWho is {name}?"), file=sys.stderr)
    for number, one in enumerate(people, start=1):
        print(
            printable(f"  {number}  {one.what or 'no description'} ({one.id}, {one.fame} sitelinks)"), file=sys.stderr
        )
    while True:
        print(f"1 to {len(people)}, or Enter for 1: ", end="", file=sys.stderr, flush=True)
        answer = sys.stdin.readline().strip() or "1"
        if answer.isdigit() and 1 <= int(answer) <= len(people):
            return people[int(answer) - 1]
