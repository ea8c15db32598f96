"""Which licences are free enough, with which credit; the fields as CommonsMetadata gives them."""

import pytest

from lookalike.collecting.wikimedia.licences import MOST_CHARACTERS, ZERO, Licence, credit_of, licence_of, plain_text
from tests.support.wikimedia.data import Json


def meta(**values: str | None) -> Json:
    """An `extmetadata` with these fields besides those of CC BY 4.0; None: without it."""
    fields = {"License": "cc-by-4.0", "LicenseShortName": "CC BY 4.0"} | values
    return {name: {"value": value} for name, value in fields.items() if value is not None}


@pytest.mark.parametrize(
    "name",
    [
        "CC0", "CC BY 2.0", "CC BY-SA 4.0", "CC BY-SA 3.0 de", "CC BY-SA 3.0 igo", "CC BY-SA 3.0-2.5-2.0-1.0",
        "CC-BY-SA-3.0", "Public domain", "PD-US", "No restrictions", "Attribution", "KOGL Type 1", "GODL-India",
        "OGL 3", "Copyrighted free use", "FAL", "<a href='x'>CC BY-SA 4.0</a>",
    ],
)  # fmt: skip
def test_free_licences_are_known_by_their_short_name(name: str) -> None:
    assert isinstance(licence_of(meta(License=None, LicenseShortName=name)), Licence)


@pytest.mark.parametrize(
    "code", ["cc0", "pd", "cc-by-2.0", "cc-by-sa-4.0", "cc-by-sa-3.0-de", "cc-by-sa-3.0,2.5,2.0,1.0"]
)
def test_a_known_code_is_enough(code: str) -> None:
    assert isinstance(licence_of(meta(License=code, LicenseShortName=None)), Licence)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("CC BY-NC 2.0", "licence is not free: CC BY-NC 2.0 (no commercial use)"),
        ("CC BY-NC-SA 4.0", "licence is not free: CC BY-NC-SA 4.0 (no commercial use)"),
        ("CC BY-ND 4.0", "licence is not free: CC BY-ND 4.0 (no changes)"),
        ("Fair use", "licence is not free: Fair use (not free)"),
        ("GFDL", "licence is not free: GFDL (asks for its whole text beside the photo)"),
        ("KOGL Type 4", "licence is not free: KOGL Type 4 (no commercial use or no changes)"),
        ("Some new licence", "licence is not on the list of free ones: Some new licence"),
        ("CC BY", "licence is not on the list of free ones: CC BY"),
        (None, "no licence"),
        ("", "no licence"),
    ],
)
def test_other_licences_are_refused_with_the_true_reason(name: str | None, reason: str) -> None:
    assert licence_of(meta(License=None, LicenseShortName=name)) == reason


def test_a_link_that_says_otherwise_than_the_name_is_believed() -> None:
    answer = licence_of(meta(LicenseUrl="https://creativecommons.org/licenses/by-nc/4.0"))

    assert answer == "licence is not free: CC BY 4.0 (no commercial use)"


def test_a_file_marked_as_not_free_is_refused() -> None:
    assert licence_of(meta(NonFree="true")) == "licence is not free: CC BY 4.0 (marked as not free)"


def test_a_file_nominated_for_deletion_is_refused() -> None:
    answer = licence_of(meta(DeletionReason="<p>Copyright violation?</p>"))

    assert answer == "nominated for deletion: Copyright violation?"


def test_the_public_domain_asks_for_no_author_but_where_it_says_so() -> None:
    assert licence_of(meta(License="cc0", LicenseShortName=None)) == Licence("CC0", ZERO, asks_for_author=False)
    answer = licence_of(meta(License="pd", LicenseShortName="Public domain", AttributionRequired="true"))
    assert answer == Licence("Public domain", None, asks_for_author=True)


@pytest.mark.parametrize("name", ["CC BY 4.0", "CC BY-SA 3.0 igo", "Attribution", "KOGL Type 1"])
def test_other_licences_ask_for_an_author(name: str) -> None:
    answer = licence_of(meta(License=None, LicenseShortName=name, LicenseUrl="//example.org/licence"))

    assert answer == Licence(name, "https://example.org/licence", asks_for_author=True)


def test_the_attribution_that_was_asked_for_goes_before_the_author() -> None:
    assert credit_of(meta(Artist="Jo", Attribution="<b>Jo Doe / example.org</b>")) == "Jo Doe / example.org"
    assert credit_of(meta(Artist="Jo", Attribution="")) == "Jo"
    assert credit_of(meta(Artist="<br>")) == ""


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ('<a href="x">Jo &amp; Co</a>', "Jo & Co"),
        ("<ul><li><a>Jo</a>\n from  <b>Riga</b></li></ul>", "Jo from Riga"),
        ("<ul><li>Jo</li>\n<li>derivative work: Bo</li></ul>", "Jo, derivative work: Bo"),
        ("Jo<br />Bo", "Jo, Bo"),
        ("Jo / Bo", "Jo / Bo"),
        ('Unknown author<span style="display: none;">Unknown author</span>', "Unknown author"),
        ("<style data-x>.a{color:red}</style><div class=a>Jo</div><!-- hidden -->", "Jo"),
        ("J" * 300, "J" * 300),
        ("J" * 3000, "J" * (MOST_CHARACTERS - 1) + "…"),
    ],
)
def test_a_credit_is_whole_and_one_plain_line(text: str, credit: str) -> None:
    assert plain_text(text) == credit


@pytest.mark.parametrize("value", [[], None, {"License": "x"}, {"LicenseShortName": 1.2}])
def test_malformed_fields_are_no_licence(value: Json) -> None:
    assert licence_of(value or {}) == "no licence"
