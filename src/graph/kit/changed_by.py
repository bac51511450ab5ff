"""Who did something, for those who see what was done."""

import strawberry


@strawberry.type
class ChangedBy:
    """The person who did something, by the name that they had at that time."""

    name: str
    """The person's name."""
