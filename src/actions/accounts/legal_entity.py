"""Whether a tax number is a company's, by the rules of its country."""

from collections.abc import Callable
from enum import Enum

from stdnum import exceptions, get_cc_module

from authz.refusal import ErrorCode, Refusal
from models.vocabulary import AccountKind

_LONGEST = 40


class Bearer(Enum):
    """Whose a valid number is, as far as the number shows it."""

    COMPANY = "COMPANY"
    PERSON = "PERSON"
    EITHER = "EITHER"


BearerRule = Callable[[str], Bearer]


def _company(_number: str) -> Bearer:
    return Bearer.COMPANY


def _either(_number: str) -> Bearer:
    return Bearer.EITHER


def _when(is_company: Callable[[str], bool]) -> BearerRule:
    """Whose a number is, where it distinguishes companies from people."""
    return lambda number: Bearer.COMPANY if is_company(number) else Bearer.PERSON


def _colombian(number: str) -> Bearer:
    """Companies' numbers begin with 8 or 9 and have nine digits and a check digit.

    People's are older or longer.
    """
    return Bearer.COMPANY if len(number) == 10 and number[0] in "89" else Bearer.EITHER


# companies, public bodies, entities from abroad, condominiums and partnerships; not people, nor their heirs
_PORTUGUESE = ("5", "6", "71", "72", "77", "78", "79", "90", "91", "99")

# each country's numbers, in the order in which they are tried, and what they tell; of EU countries that are
# not here the VAT number counts, which both companies and people have
_NUMBERS: dict[str, tuple[tuple[str, BearerRule], ...]] = {
    "AR": (("cuit", _when(lambda number: number[:2] in {"30", "33", "34"})),),
    "AT": (("businessid", _company), ("uid", _either)),
    "AU": (("acn", _company), ("abn", _either)),
    "BR": (("cnpj", _company),),
    "CA": (("bn", _either),),
    "CH": (("uid", _either),),
    "CL": (("rut", _when(lambda number: len(number) == 9 and number[:2] >= "50")),),
    "CO": (("nit", _colombian),),
    "CR": (("cpj", _company),),
    "DO": (("rnc", _company),),
    "EC": (("ruc", _when(lambda number: number[2] in "69")),),
    "ES": (("cif", _company),),
    "FR": (("siret", _company), ("siren", _company), ("tva", _company)),
    "GB": (("vat", _either), ("utr", _either)),
    "IN": (("gstin", _when(lambda number: number[5] != "P")),),
    "JP": (("cn", _company),),
    "MA": (("ice", _either),),
    "MX": (("rfc", _when(lambda number: len(number) == 12)),),
    "NO": (("orgnr", _either),),
    "PE": (("ruc", _when(lambda number: number[:2] == "20")),),
    "PT": (("nif", _when(lambda number: number.startswith(_PORTUGUESE))),),
    "PY": (("ruc", _when(lambda number: len(number) == 9 and number[0] == "8")),),
    "SE": (("orgnr", _when(lambda number: number[2] >= "2")),),
    "US": (("ein", _either),),
    "UY": (("rut", _either),),
    "VE": (("rif", _when(lambda number: number[0] in "JGC")),),
}

# people's own numbers; only those with check digits are certain
_PERSONS: dict[str, tuple[str, ...]] = {
    "AT": ("vnr",),
    "BE": ("nn",),
    "BR": ("cpf",),
    "CH": ("ssn",),
    "DE": ("idnr",),
    "DO": ("cedula",),
    "EC": ("ci",),
    "ES": ("dni", "nie"),
    "FI": ("hetu",),
    "FR": ("nir", "nif"),
    "IN": ("aadhaar",),
    "IT": ("codicefiscale",),
    "JP": ("in_",),
    "MX": ("curp",),
    "NO": ("fodselsnummer",),
    "PL": ("pesel",),
    "PT": ("cc",),
    "SE": ("personnummer",),
}

# why a number is invalid; where a country has several kinds of numbers, the later reason says more
_REASONS: tuple[tuple[type[exceptions.ValidationError], str], ...] = (
    (exceptions.InvalidLength, "tax_number_length"),
    (exceptions.InvalidFormat, "tax_number_format"),
    (exceptions.InvalidComponent, "tax_number_component"),
    (exceptions.InvalidChecksum, "tax_number_checksum"),
)


def company_number(country: str, number: str, declared: AccountKind | None) -> str:
    """The tax number of a company, in its compact form.

    Refuses with BAD_TAX_NUMBER, and the reason, a number that is unknown to its country or that is a
    person's; one that could be either's, unless it is declared a company's; and a company's that is declared
    a person's.
    """
    found, bearer = _read(country, number)
    if bearer is Bearer.PERSON:
        raise _refusal("tax_number_person")
    if bearer is Bearer.COMPANY and declared is AccountKind.NATURAL_PERSON:
        raise _refusal("tax_number_company", "kind")
    if declared is AccountKind.NATURAL_PERSON or (bearer is Bearer.EITHER and declared is None):
        raise _refusal("tax_number_undeclared")
    return found


def _read(country: str, number: str) -> tuple[str, Bearer]:
    if len(number) > _LONGEST:
        raise _refusal("tax_number_length")
    reasons: list[int] = []
    known = False
    for name, bearer_of in _NUMBERS.get(country, (("vat", _either),)):
        module = get_cc_module(country.lower(), name)
        if module is None:
            continue
        known = True
        try:
            found = str(module.validate(number))
            return found, bearer_of(found)
        except exceptions.ValidationError as error:
            reasons.append(_rank(error))
    people = (get_cc_module(country.lower(), name) for name in _PERSONS.get(country, ()))
    if any(module is not None and module.is_valid(number) for module in people):
        return number, Bearer.PERSON
    raise _refusal(_REASONS[max(reasons)][1] if known else "tax_number_country")


def _rank(error: exceptions.ValidationError) -> int:
    return next((rank for rank, (kind, _) in enumerate(_REASONS) if isinstance(error, kind)), 1)


def _refusal(message: str, field: str = "taxNumber") -> Refusal:
    return Refusal(ErrorCode.BAD_TAX_NUMBER, message, (field,))
