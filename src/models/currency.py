"""Currencies: how many decimals their minor units stand for."""

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
    """How many decimals a currency's minor unit stands for.

    Source: ISO 4217, list one of the maintenance agency (SIX); none of the libraries in use carries
    it. The table holds what differs from 2.
    """
    return _EXPONENTS.get(currency, 2)
