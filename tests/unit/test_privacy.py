"""Tags that tell where, with what and by whom a film was made, told from those that encoders write of themselves."""

from __future__ import annotations

import pytest

from reels.observe.privacy import private_tags


@pytest.mark.parametrize(
    "name",
    [
        "location",
        "location-eng",
        "com.apple.quicktime.location.ISO6709",
        "com.apple.quicktime.make",
        "com.apple.quicktime.model",
        "com.android.model",
        "make",
        "artist",
        "author",
        "comment",
        "description",
        "synopsis",
        "copyright",
        "owner",
    ],
)
def test_what_tells_of_people_places_and_devices_is_private(name: str) -> None:
    (found,) = private_tags([{"major_brand": "isom", name: "35.8"}])
    assert found == name.removesuffix("-eng")


def test_what_encoders_write_of_themselves_is_plain() -> None:
    plain = {
        "major_brand": "mp42",
        "minor_version": "0",
        "compatible_brands": "mp42",
        "encoder": "Lavf62",
        "software": "Lavf62",
        "handler_name": "VideoHandler",
        "vendor_id": "[0][0][0][0]",
        "language": "kor",
        "creation_time": "2026-11-29T00:00:00Z",
        "title": "봄축제",
        "_STATISTICS_TAGS-eng": "BPS",
        "DURATION": "00:00:03",
    }
    assert private_tags([plain, plain]) == ()


def test_each_name_once_in_order_and_an_empty_value_says_nothing() -> None:
    tags = [{"make": "한빛", "artist": " "}, {"model": "H1", "make": "한빛"}]
    assert private_tags(tags) == ("make", "model")
