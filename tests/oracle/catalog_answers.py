"""What the oracle answers of products: which of them are listed, their offers with all prices, and their plans."""

from typing import Any

from oracle.sale_answers import SaleAnswers
from oracle.standing import Row

_COLUMNS = {"NAME": ("name",), "CREATED_AT": ("created_at",)}


class CatalogAnswers(SaleAnswers):
    """The part of an oracle that knows products."""

    def _Account_products(
        self,
        _: Row,
        first: int = 20,
        filter: Row | None = None,  # noqa: A002
        order: Row | None = None,
    ) -> Row:
        wanted = filter or {}
        keys = _COLUMNS[(order or {}).get("field", "NAME")]
        descending = (order or {}).get("direction") == "DESC"
        found = [
            product
            for product in self._listed("products", *keys, descending=descending)
            if all(product[name] in values for name, values in wanted.items())
            and ("status" in wanted or product["status"] != "ARCHIVED")
        ]
        return self._page(found, first)

    def _Account_product(self, _: Row, reference: str) -> Row | None:
        return next((item for item in self._of("products") if item["reference"] == reference), None)

    def _Product_offers(self, product: Row) -> list[Row]:
        return self._by_code("offers", product_id=product["id"])

    def _Product_plans(self, product: Row) -> list[Row]:
        return self._by_code("plans", product_id=product["id"])

    def _Plan_offers(self, plan: Row) -> list[Row]:
        return self._by_code("offers", plan_id=plan["id"])

    def _by_code(self, table: str, **of: Any) -> list[Row]:
        found = [row for row in self.world[table] if all(row[key] == of[key] for key in of)]
        return sorted(found, key=lambda row: (row["code"], row["id"]))

    def _Product_coproduced(self, product: Row) -> bool:
        return bool(product["coproduced"])

    def _Offer_plan(self, offer: Row) -> Row | None:
        return None if offer["plan_name"] is None else {"name": offer["plan_name"]}

    def _Offer_price(self, offer: Row) -> Row | None:
        return self._perhaps(offer, "price", "currency")

    def _history(self, offer: Row) -> list[Row]:
        found = [entry for entry in self.world["offer_prices"] if entry["offer_id"] == offer["id"]]
        return sorted(found, key=lambda entry: entry["start"], reverse=True)

    def _Offer_prices(self, offer: Row, first: int = 20) -> Row:
        return self._page(self._history(offer), first)

    def _price_at(self, offer: Row, moment: int) -> Row | None:
        for entry in self._history(offer):
            if entry["start"] <= moment and (entry["until"] is None or moment < entry["until"]):
                return self._OfferPrice_price(entry)
        return None

    def _OfferPrice_price(self, entry: Row) -> Row:
        return {"minor": entry["amount"], "currency": entry["currency"]}

    def _OfferPrice_by(self, entry: Row) -> Row | None:
        return None if entry["by_name"] is None else {"name": entry["by_name"]}
