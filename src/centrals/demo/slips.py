"""The payment slips in the demo, as the marketplace issues them with a purchase."""

from centrals.demo.chance import DAY, Chance
from centrals.demo.orders import Order
from intake.events.facts import Slip
from models.vocabulary import PaymentMethod as Method
from models.vocabulary import SlipKind

_DIGITS = "0123456789"
_URL = "https://pay.example.com/slip"


def slip_of(order: Order, reference: str) -> Slip | None:
    """The slip of a purchase that is paid with one. Only a Pix code says when it expires: after a day."""
    chance = Chance(f"slip of {reference}")
    if order.method is Method.PIX:
        code = f"00020126{chance.code(28, _DIGITS)}5204000053039865802BR6304{chance.code(4, _DIGITS)}"
        return Slip(SlipKind.PIX, code, expires_at=order.at + DAY)
    if order.method is Method.BILLET:
        code = f"34191.{chance.code(5, _DIGITS)} {chance.code(5, _DIGITS)}.{chance.code(6, _DIGITS)}"
        return Slip(SlipKind.BILLET, code, f"{_URL}/{reference}")
    if order.method is Method.CASH:
        return Slip(SlipKind.CASH, chance.code(14, _DIGITS), f"{_URL}/{reference}")
    return None
