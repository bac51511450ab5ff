"""The catalog: seventy grants in ten groups, five languages, four presets."""

from importlib.resources import files

import msgspec
import pytest

from authz import catalog
from authz.catalog import LOCALES, groups, label, presets
from authz.gates import grant_bit
from authz.grant import Grant


@pytest.fixture(autouse=True)
def read_again() -> None:
    """The catalog as it is read first, whatever other tests read before."""
    for cached in (catalog.presets, catalog._labels, catalog._data):
        cached.cache_clear()


SIZES = {
    "RECEIPTS": 1,
    "SALES": 7,
    "PRODUCTS": 3,
    "REPORTS": 27,
    "OTHERS": 4,
    "WITHDRAWALS": 1,
    "TOOLS": 20,
    "PUBLIC_PROFILE": 2,
    "EXTENSIONS": 1,
    "DEVELOPERS": 4,
}

PRESETS = {
    "SUPPORT": {
        "MANAGE_SUBSCRIPTIONS",
        "VIEW_PRODUCTS",
        "RESEND_NOTIFICATIONS",
        "RESEND_PURCHASE_EMAILS",
        "ISSUE_PAYMENT_SLIPS",
        "REQUEST_REFUNDS",
        "CHANGE_BUYER_EMAIL",
        "SEARCH_SALES",
        "SEARCH_SALES_BY_PERIOD",
        "VIEW_PURCHASE_RECOVERY_REPORT",
    },
    "TECHNICAL": {
        "MANAGE_CHECKOUT_SETTINGS",
        "MANAGE_SOCIAL_DRM",
        "MANAGE_SALES_FUNNEL",
        "MANAGE_LISTBOSS",
        "MANAGE_HOTLEADS",
        "MANAGE_ALTERNATIVE_PAGES",
        "MANAGE_API_AND_NOTIFICATIONS",
        "MANAGE_CUSTOM_PAYMENT_PAGE",
        "VIEW_SALES_BY_ORIGIN_REPORT",
        "VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT",
    },
    "FINANCIAL": {
        "SEND_RECEIPTS",
        "VIEW_PAYMENT_METHODS_REPORT",
        "VIEW_COPRODUCTION_REVENUE_REPORT",
        "VIEW_REVENUE_BY_LOCATION_REPORT",
        "VIEW_ANNUAL_REVENUE_SUMMARY_REPORT",
        "VIEW_COMMISSIONS_REPORT",
        "VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT",
        "VIEW_AFFILIATE_PAYMENTS_REPORT",
        "VIEW_EARNINGS_AS_AFFILIATE_REPORT",
        "MAKE_WITHDRAWAL",
    },
    "AFFILIATE_MANAGER": {
        "MANAGE_BONUS_DELIVERY",
        "MANAGE_DYNAMIC_ALTERNATIVE_PAGES",
        "APPROVE_AFFILIATES",
        "MANAGE_AFFILIATES",
        "VIEW_AFFILIATE_LEADS_REPORT",
        "VIEW_AFFILIATE_PERFORMANCE_REPORT",
        "VIEW_AFFILIATE_PAYMENTS_REPORT",
        "VIEW_AFFILIATE_PERFORMANCE",
    },
}

# the first and the last grant of each group, at the place whose bit they have
PLACES = {
    "SEND_RECEIPTS": 0,
    "RESEND_NOTIFICATIONS": 1,
    "REQUEST_REFUNDS": 7,
    "MANAGE_OFFERS": 8,
    "VIEW_PRODUCTS": 10,
    "VIEW_PAYMENT_METHODS_REPORT": 11,
    "VIEW_AFFILIATE_PERFORMANCE": 37,
    "MANAGE_AFFILIATES": 38,
    "MANAGE_AFFILIATION_REQUEST_FILTER": 41,
    "MAKE_WITHDRAWAL": 42,
    "MANAGE_CHECKOUT_SETTINGS": 43,
    "MANAGE_ENOTAS": 62,
    "MANAGE_PRODUCT_PUBLIC_PROFILE": 63,
    "MANAGE_SELLER_PUBLIC_PROFILE": 64,
    "MANAGE_EXTENSIONS": 65,
    "MANAGE_API_AND_NOTIFICATIONS": 66,
    "ACCESS_DEVELOPERS_PORTAL": 69,
}


def _stored() -> dict:
    return msgspec.json.decode(files("authz").joinpath("catalog.json").read_bytes())


def test_the_catalog_has_seventy_grants_in_ten_groups():
    groups.cache_clear()  # another test of this process may have read it
    assert {key: len(grants) for key, grants in groups().items()} == SIZES
    assert list(groups()) == list(SIZES)
    assert len(Grant) == 70


def test_the_vocabulary_is_the_catalog_in_its_order():
    keys = [entry["key"] for group in _stored()["groups"] for entry in group["grants"]]

    assert [grant.value for grant in Grant] == keys
    assert [grant.name for grant in Grant] == keys
    assert [grant for group in groups().values() for grant in group] == list(Grant)


def test_no_group_has_the_key_of_a_grant():
    assert not set(groups()) & {grant.value for grant in Grant}


@pytest.mark.parametrize(("key", "place"), PLACES.items(), ids=PLACES)
def test_a_grant_keeps_its_place(key, place):
    assert grant_bit(Grant[key]) == 1 << place


@pytest.mark.parametrize("locale", ["en", "es", "fr", "ar", "pt"])
def test_every_grant_group_and_preset_has_a_label_in(locale):
    entries = [entry for group in _stored()["groups"] for entry in [group, *group["grants"]]]

    assert len(entries) == 80
    for entry in [*entries, *_stored()["presets"]]:
        assert list(entry["labels"]) == list(LOCALES), entry["key"]
        assert entry["labels"][locale] == entry["labels"][locale].strip() != "", entry["key"]


def test_the_labels_of_a_language_tell_the_grants_of_a_group_apart():
    for group in _stored()["groups"]:
        for locale in LOCALES:
            labels = [entry["labels"][locale] for entry in group["grants"]]
            assert len(set(labels)) == len(labels), (group["key"], locale)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "Send receipts"),
        ("es", "Enviar Recibos"),
        ("fr", "Envoyer reçus"),
        ("ar", "إرسال الإيصالات"),
        ("pt", "Enviar recibos"),
        ("de", "Send receipts"),
        ("", "Send receipts"),
    ],
    ids=["en", "es", "fr", "ar", "pt", "unknown is English", "none is English"],
)
def test_a_grant_reads_in_the_language_asked_for(locale, text):
    assert label("SEND_RECEIPTS", locale) == text


def test_a_group_has_a_label_too():
    assert label("SALES", "pt") == "Vendas"


def test_a_key_that_the_catalog_lacks_has_no_label():
    with pytest.raises(KeyError):
        label("SEE_EVERYTHING", "en")


def test_there_are_four_presets():
    assert list(presets()) == ["SUPPORT", "TECHNICAL", "FINANCIAL", "AFFILIATE_MANAGER"]
    assert [preset.labels["en"] for preset in presets().values()] == [
        "Support",
        "Technical",
        "Financial",
        "Affiliate manager",
    ]


@pytest.mark.parametrize(("key", "grants"), PRESETS.items(), ids=PRESETS)
def test_a_preset_holds_exactly(key, grants):
    preset = presets()[key]

    assert preset.key == key
    assert {grant.value for grant in preset.grants} == grants
    assert len(preset.grants) == len(grants)


@pytest.mark.parametrize("key", PRESETS)
def test_no_preset_opens_the_collaborators_center(key):
    assert Grant.ACCESS_COLLABORATORS_CENTER not in presets()[key].grants


def test_what_is_read_once_is_read_from_the_catalog() -> None:
    parts = (catalog.groups, catalog._labels, catalog.presets, catalog._traits)
    for once in parts:
        once.cache_clear()

    assert set(catalog._traits()) == {grant.value for grant in Grant}
    assert {grant for group in catalog.groups().values() for grant in group} == set(Grant)
    assert catalog._labels().keys() == catalog._traits().keys() | catalog.groups().keys()
    assert all(preset.grants for preset in catalog.presets().values())
