"""Hotmart's own test messages, from its button *send test*: invented purchases."""

from typing import Any

_PRODUCT_UCODE = "fb056612-bcc6-4217-9e6d-2a5d1110ac2f"
_PRODUCT_NAMES = ("produto test postback2", "product test postback2")
_TRANSACTION = "HP16015479281022"
_BUYER = "testecomprador271101postman15@example.com"
_SUBSCRIBED_PRODUCT = ("788921", "0000aaaa")


def is_test(message: Any) -> bool:
    """Whether a webhook message has one of the marks of Hotmart's tests.

    Their product has the number 0, which no real product has, and a fixed code and name. Their purchase has a
    fixed transaction and a buyer who can be changed on the button's page. The test of a canceled subscription
    has its own product and subscriber.
    """
    data = message.get("data") if type(message) is dict else None
    if type(data) is not dict:
        return False
    product = _part(data, "product")
    number = str(product.get("id", ""))
    return (
        (number != "" and number.strip("0") == "")
        or product.get("ucode") == _PRODUCT_UCODE
        or str(product.get("name", "")).lower().startswith(_PRODUCT_NAMES)
        or _part(data, "purchase").get("transaction") == _TRANSACTION
        or str(_part(data, "buyer").get("email", "")).lower() == _BUYER
        or (number, _part(data, "subscriber").get("code")) == _SUBSCRIBED_PRODUCT
    )


def _part(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if type(value) is dict else {}
