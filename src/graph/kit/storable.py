"""Text that both databases take."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """Text that both databases take; what they cannot hold is a control character, which no name may have."""
    return _UNSTORABLE.sub("\x1a", text)
