"""Why photos and people are left out, in words: reasons as the build and the collector give them, and what helps."""

from __future__ import annotations

from lookalike.indexing.photo_selection import IndexReject
from lookalike.indexing.report.collector_rejects import NotCollected

WRONG_LINE = "wrong line of the catalogue"
SAME = "same as another photo"
# By the first words of a reason: what it means, and what a maintainer can do.
HELP = {
    # of the build
    "no face": "No face was found: the person is far away, turned away or painted. A closer photo helps.",
    "face too small": "Fewer than 16 px between the eyes. Take a larger photo (collect_photos.py --width).",
    "a drawing": "Flat like a drawing, a print or a cartoon. Only photos can be compared with photos.",
    "too dark or too pale": "Too little contrast to be sure. Used only where the person has no better photo.",
    "too dark": "So dark that no face was found.",
    "blurred": "Out of focus or moved. Used only where the person has no better photo.",
    "turned away": "Seen from the side. Used only where the person has no better photo.",
    "too tilted": "The head is tilted by more than 30°. Turning the photo upright helps.",
    "more than one face": "Whose face it is cannot be known. Cut the photo to the person.",
    "unlike the person's other photos": "Most likely somebody else; or very young or old, masked or made up. "
    "If it does show the person, more photos like it bring it back.",
    "same as another photo": "The same file again. Nothing to do.",
    "unreadable": "The file is missing, damaged, empty or not allowed to be read. Fetch it again.",
    "not a picture": "The file is something else than a JPEG, PNG, WebP or HEIF.",
    "too large": "More pixels than are read. Take a smaller version.",
    "kills its worker": "Reading it ended the process that read it: damaged, or made to harm. It was not opened again.",
    "no usable photo": "None of the person's photos can be used, so the person is not in the gallery. Add a photo.",
    "on the deny-list": "You left it out. Take its line out of the deny-list to bring it back.",
    "wrong line of the catalogue": "The line is passed over. Correct it; the field is named.",
    # of the collector
    "licence is not": "Its licence does not allow it to be shown to others.",
    "no licence": "No licence is given, so it may not be shown.",
    "its licence asks": "The licence wants the author to be named, and the file page names none.",
    "nominated for deletion": "Commons is about to delete it.",
    "no information": "Commons does not say enough about the file.",
    "nobody of that name": "Name the person by the article's address, or the id, in the list (--names).",
    "is asked for twice": "Two lines of the list lead to one person. Nothing to do.",
    "is a photo of somebody": "Two people share this photo; whose face it is cannot be known.",
    "a politician": "Left out by rule, unless collect_photos.py is run --with-politicians.",
    "convicted": "Left out by rule.",
    "a minor": "Left out by rule.",
    "no date of birth": "May be a minor. Name the person in a list (--names) if you know better.",
    "died before": "There are hardly any photos of so long ago.",
    "born before": "There are hardly any photos of so long ago.",
    "no photo could be had": "A server did not answer. The same command asks again.",
}


def kind_of(reject: IndexReject) -> str:
    """The reason without what is particular to one photo or line."""
    if not reject.celebrity and not reject.photo:
        return WRONG_LINE
    return SAME if reject.reason.startswith("same as ") else spaced(reject.reason)


def kind_of_collected(reject: NotCollected) -> str:
    """The collector's reason without what is particular to one photo or person."""
    return reject.reason.split(":")[0]


def help_for(kind: str) -> str:
    """What a kind of reason means and what can be done; '' if that is all there is to say."""
    return next((text for start, text in HELP.items() if kind.startswith(start)), "")


def beyond(kind: str, reason: str) -> str:
    """The reason if it says more than its kind."""
    return "" if spaced(reason) == kind else reason.removeprefix(f"{kind}: ")


def spaced(reason: str) -> str:
    """The reason as words, such as `no_face`."""
    return reason.replace("_", " ")
