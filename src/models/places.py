"""The valid codes and names of countries, currencies and time zones."""

import zoneinfo
from functools import cache
from importlib.resources import files

# ISO 4217, list one of the maintenance agency (SIX), without funds, metals and test codes
CURRENCIES = frozenset(
    (  # noqa: SIM905 - 150 pairs of quotes would be harder to read
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
        "CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD "
        "GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD "
        "KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO "
        "NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE "
        "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND "
        "VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "
    ).split()
)
_NO_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@cache
def countries() -> frozenset[str]:
    """The codes of ISO 3166, as the time zone data lists them."""
    lines = files("tzdata.zoneinfo").joinpath("iso3166.tab").read_text("utf-8").splitlines()
    return frozenset(line[:2] for line in lines if line and not line.startswith("#"))


@cache
def timezones() -> frozenset[str]:
    """The IANA names of time zones."""
    return frozenset(zoneinfo.available_timezones()) - _NO_PLACES
