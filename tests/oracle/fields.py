"""How the vocabulary spells fields, and the fields that several types have in common."""


def read(text: str) -> dict[str, tuple[str, str]]:
    """`name`, `name:Type`, `name@GATE`, `name:Type@GATE`: for each name its gate and its type, if any."""
    found = {}
    for word in text.split():
        named, _, gate = word.partition("@")
        name, _, kind = named.partition(":")
        found[name] = (gate, kind)
    return found


COLUMNS = "currency count unknownNet gross:Money net:Money refunded:Money disputed:Money chargedBack:Money "
BUCKET = COLUMNS + "from to others group:CreditHolder@LEAD member:CreditHolder@LEAD team:CreditHolder@ADMIN "
PAGE = "pageInfo:PageInfo totalCount nodes:"
CONTACT = "name country email@CHANGE_BUYER_EMAIL phone@ISSUE_PAYMENT_SLIPS document@SEND_RECEIPTS"
DECISION = "rule method candidates load number dailyCap"
