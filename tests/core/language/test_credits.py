"""Which licences ask for the same licence for what is made of a work, by every kind of name that is collected."""

import pytest

from lookalike.collecting.wikimedia.licences import Licence, licence_of
from lookalike.core.language.credits import is_share_alike

pytestmark = pytest.mark.fast

SHARE_ALIKE = [
    "CC BY-SA 4.0", "CC BY SA 4.0", "CC-BY-SA-3.0", "cc-by-sa-4.0", "CC BY-SA 3.0 de", "CC BY-SA 3.0 igo",
    "CC BY-SA 3.0-2.5-2.0-1.0", "cc-by-sa-3.0,2.5,2.0,1.0", "CC BY-SA 4.0 International", "FAL", "FAL 1.3",
    "Free Art License",
]  # fmt: skip
OTHERS = [
    "CC0", "CC0 1.0", "CC-zero", "CC BY 2.0", "CC-BY-4.0", "CC BY 3.0 us", "CC BY 4.0 International",
    "Public domain", "PD-US", "PD-USGov-Military", "PD South Africa", "CC-PD-Mark", "PDM-owner", "No restrictions",
    "Copyrighted free use", "Attribution", "Attribution only", "KOGL Type 1", "GODL-India", "OGL 3", "OGL v1.0",
    "OGL-C 2.0", "MIT", "MIT License", "BSD", "Apache License 2.0", "Licence Ouverte 1.0", "Beerware", "WTFPL",
]  # fmt: skip


@pytest.mark.parametrize("name", SHARE_ALIKE)
def test_a_share_alike_licence_is_known_by_every_name_of_it(name: str) -> None:
    assert isinstance(licence_of({"LicenseShortName": {"value": name}}), Licence)
    assert is_share_alike(name)


@pytest.mark.parametrize("name", OTHERS)
def test_other_licences_ask_for_nothing_of_the_kind(name: str) -> None:
    assert isinstance(licence_of({"LicenseShortName": {"value": name}}), Licence)
    assert not is_share_alike(name)


def test_a_name_written_out_is_known_where_its_code_was_allowed() -> None:
    name = "Creative Commons Attribution-Share Alike 3.0"
    found = licence_of({"LicenseShortName": {"value": name}, "License": {"value": "cc-by-sa-3.0"}})

    assert isinstance(found, Licence)
    assert is_share_alike(found.name)
    assert is_share_alike("Creative Commons Attribution-ShareAlike 4.0")
