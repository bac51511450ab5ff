"""The buyers in the demo: invented people from ten countries, with numbers that belong to nobody."""

import re
from dataclasses import dataclass

from centrals.demo.chance import Chance, Weighted, weighted
from centrals.demo.names import FAMILY, FIRST_NAMES, STREETS
from intake.events.facts import Address
from models.text import folded
from models.vocabulary import PaymentMethod as Method


@dataclass(frozen=True, eq=False, slots=True)
class Market:
    """A country with buyers: its currency, its names, and how people pay there."""

    country: str
    currency: str
    language: str
    phone: str
    """`#` stands for a digit. The number ranges are reserved for fiction or not assigned."""
    cities: tuple[tuple[str, str], ...]
    methods: Weighted[Method]


@dataclass(frozen=True, eq=False, slots=True)
class Buyer:
    """An invented person."""

    market: Market
    name: str
    email: str
    phone: str | None
    document: str | None
    address: Address | None


_CARDS = {Method.CREDIT_CARD: 62, Method.DEBIT_CARD: 6, Method.PAYPAL: 18}
_WALLETS = {Method.GOOGLE_PAY: 6, Method.APPLE_PAY: 8}
_AT_HAND = {Method.CREDIT_CARD: 58, Method.DEBIT_CARD: 12, Method.CASH: 16, Method.BANK_TRANSFER: 8}

MARKETS = {
    market.country: market
    for market in (
        Market(
            "BR", "BRL", "pt", "+55 ## 90000-####",
            (("São Paulo", "SP"), ("Rio de Janeiro", "RJ"), ("Belo Horizonte", "MG"), ("Curitiba", "PR"),
             ("Salvador", "BA"), ("Fortaleza", "CE"), ("Porto Alegre", "RS"), ("Goiânia", "GO"),
             ("Belém", "PA"), ("Florianópolis", "SC")),
            weighted({Method.CREDIT_CARD: 54, Method.PIX: 28, Method.BILLET: 11, Method.PAYPAL: 2,
             Method.GOOGLE_PAY: 2, Method.HOTCARD: 1, Method.HYBRID: 1, Method.SAMSUNG_PAY: 1}),
        ),
        Market("PT", "EUR", "pt", "+351 900 000 ###", (("Lisboa", "Lisboa"), ("Porto", "Porto"),
               ("Évora", "Évora")), weighted(_CARDS | _WALLETS | {Method.BANK_TRANSFER: 14})),
        Market("ES", "EUR", "es", "+34 600 000 ###", (("Madrid", "Madrid"), ("Málaga", "Andalucía"),
               ("A Coruña", "Galicia"), ("Valencia", "Comunitat Valenciana")),
               weighted(_CARDS | _WALLETS | {Method.DIRECT_DEBIT: 8})),
        Market("MX", "USD", "es", "+52 55 0000 ####", (("Ciudad de México", "CDMX"),
               ("Mérida", "Yucatán"), ("León", "Guanajuato")), weighted(_AT_HAND | {Method.PAYPAL: 6})),
        Market("AR", "USD", "es", "+54 11 0000-####", (("Buenos Aires", "CABA"), ("Córdoba", "Córdoba"),
               ("Neuquén", "Neuquén")), weighted(_AT_HAND)),
        Market("CO", "USD", "es", "+57 300 000 ####", (("Bogotá", "Bogotá"), ("Medellín", "Antioquia")),
               weighted(_AT_HAND)),
        Market("CL", "USD", "es", "+56 9 0000 ####", (("Santiago", "RM"), ("Viña del Mar", "Valparaíso")),
               weighted(_AT_HAND)),
        Market("US", "USD", "en", "+1 202-555-01##", (("Austin", "TX"), ("Portland", "OR"), ("Boston", "MA"),
               ("Miami", "FL")), weighted(_CARDS | _WALLETS | {Method.FINANCED: 2})),
        Market("GB", "EUR", "en", "+44 7700 900###", (("London", "England"), ("Leeds", "England"),
               ("Cardiff", "Wales")), weighted(_CARDS | _WALLETS)),
        Market("IE", "EUR", "en", "+353 20 915 0###", (("Dublin", "Leinster"), ("Galway", "Connacht")),
               weighted(_CARDS | _WALLETS)),
    )
}  # fmt: skip
"""By country."""

_TWO_FAMILY_NAMES = {"pt": 0.45, "es": 0.85, "en": 0.03}
_NOT_IN_AN_ADDRESS = re.compile("[^a-z]+")
_NIE_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def new_buyer(chance: Chance, market: Market) -> Buyer:
    """A new buyer."""
    language = market.language
    first_name, family = chance.pick(FIRST_NAMES[language]), chance.pick(FAMILY[language])
    names = [first_name, family]
    if chance.falls(_TWO_FAMILY_NAMES[language]):
        names.append(chance.pick(FAMILY[language]))
    plain = [_NOT_IN_AN_ADDRESS.sub("", folded(name)) for name in (first_name, family)]
    return Buyer(
        market=market,
        name=" ".join(names),
        email=f"{plain[0]}.{plain[1]}{chance.number(1, 9999)}@example.com",
        phone=_digits(chance, market.phone) if chance.falls(0.85) else None,
        document=_document(chance, market.country),
        address=_address(chance, market) if chance.falls(0.6) else None,
    )


def _digits(chance: Chance, pattern: str) -> str:
    return "".join(str(chance.number(1, 9)) if sign == "#" else sign for sign in pattern)


def _document(chance: Chance, country: str) -> str | None:
    """A tax number whose check digits are wrong on purpose, so that it is nobody's."""
    if country == "BR":
        digits = [chance.number(0, 9) for _ in range(9)]
        check = sum(weight * digit for weight, digit in zip(range(10, 1, -1), digits, strict=True))
        right = (check * 10 % 11) % 10
        return "".join(map(str, digits)) + str((right + 1) % 10) + str(chance.number(0, 9))
    if country == "ES":
        number = chance.number(10_000_000, 99_999_999)
        return f"{number}{_NIE_LETTERS[(number + 1) % 23]}"
    return None


def _address(chance: Chance, market: Market) -> Address:
    city, state = chance.pick(market.cities)
    return Address(
        street=chance.pick(STREETS[market.language]),
        number=str(chance.number(1, 990)),
        city=city,
        state=state,
        country=market.country,
    )
