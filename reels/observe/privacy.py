"""What a file tells about people, places and devices without showing it: tags that nobody meant to publish.

Only names of tags leave this module, never what they say: a report must not spread a home address.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["private_tags"]

# What encoders and muxers write of themselves, and what names the film; everything else is told.
_PLAIN = re.compile(
    r"major_brand|minor_version|compatible_brands|encoder|encoder-\w+|software|handler_name|vendor_id|language|timecode"
    r"|creation_time|title|duration|rotate|number_of_(?:frames|bytes)|bps|_statistics_\w+"
    r"|gapless_playback"
    r"|alpha_mode",
    re.IGNORECASE,
)


def private_tags(tags: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    """The names of the tags that may say where, with what and by whom a film was made, each once, in order.

    `tags` are those of the container and of each track; languages at the end of a name (`location-eng`) count for nothing.
    """
    names = (
        re.sub(r"-[a-z]{3}$", "", name) for each in tags for name, value in each.items() if value.strip()
    )
    return tuple(dict.fromkeys(name for name in names if not _PLAIN.fullmatch(name)))
