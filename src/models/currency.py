"""Currencies and the number of decimals of their minor units."""

_EXPONENTS = {
    code: exponent
    for exponent, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}


def exponent_of(currency: str) -> int:
    """The number of decimals of a currency's minor unit.

    Source: ISO 4217, list one of the maintenance agency (SIX); none of the libraries in use has it. The table
    contains the currencies with a number other than 2.
    """
    return _EXPONENTS.get(currency, 2)


_HUNDREDTHS = [f".{part:02d}" for part in range(100)]


def major_units(minor: int, currency: str) -> str:
    """An amount in minor units as text in major units, for example `1497.00`."""
    exponent = _EXPONENTS.get(currency, 2)
    if exponent == 2 and minor >= 0:  # nearly every amount, and a page has a hundred
        return f"{minor // 100}{_HUNDREDTHS[minor % 100]}"
    if exponent == 0:
        return str(minor)
    whole, part = divmod(abs(minor), 10**exponent)
    return f"{'-' if minor < 0 else ''}{whole}.{part:0{exponent}d}"


def money_text(minor: int, currency: str) -> str:
    """An amount with its currency, for example `1497.00 BRL`."""
    return f"{major_units(minor, currency)} {currency}"
