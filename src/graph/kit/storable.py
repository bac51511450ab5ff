"""Text that both databases take."""

import re

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """Text that both databases accept.

    Other characters become a control character, which no name can contain.
    """
    return _UNSTORABLE.sub("\x1a", text)
