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
