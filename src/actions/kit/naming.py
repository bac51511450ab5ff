"""Names and passwords in the input of mutations. A refusal names the broken rule or the invalid character."""

from authz.refusal import ErrorCode, Refusal
from models import text
from models.text import UnfitText


def checked_name(
    name: str, most: int, field: tuple[str, ...] = ("name",), length: str = "name_length"
) -> str:
    """A name as it is stored. Refuses an invalid one with BAD_INPUT. `length` is a message's key."""
    try:
        return text.name(name, most)
    except UnfitText as fault:
        if fault.rule == "length":
            raise Refusal(ErrorCode.BAD_INPUT, length, field, most=most) from fault
        raise Refusal(ErrorCode.BAD_INPUT, f"name_{fault.rule}", field, character=fault.character) from fault


def prepared_password(password: str, field: str) -> str:
    """A new password as it is hashed. Refuses an invalid character with BAD_INPUT."""
    try:
        return text.password(password)
    except UnfitText as fault:
        raise Refusal(
            ErrorCode.BAD_INPUT, "password_character", (field,), character=fault.character
        ) from fault
