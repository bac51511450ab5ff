"""What a reach is: rows of one table in one account, by the values that a column has for them."""

import msgspec

from models.statement import NEVER, Statement, either, one_of

# the column of each table that names the product of a row
_PRODUCT = {
    "sales": "product_id",
    "opportunities": "product_id",
    "subscriptions": "product_id",
    "offers": "product_id",
    "products": "id",
}
# the table and the column of what a row is about, where that has a product
_ABOUT = {
    "refund_requests": ("sales", "sale_id"),
    "subscription_requests": ("subscriptions", "subscription_id"),
}


class Reach(msgspec.Struct, frozen=True):
    """Rows of one table in one account: all of them, or those whose column has one of the values."""

    table: str
    account_id: str | None
    column: str = ""
    values: tuple[str, ...] | None = None
    products: tuple[str, ...] | None = None
    """The products of the rows, for a token that is narrowed to some; None for all."""

    def where(self, alias: str) -> Statement:
        """The condition under which the row of an alias is within reach."""
        if self.account_id is None:
            return NEVER
        found = Statement(f"{alias}.account_id = ?", (self.account_id,))
        if self.values is not None:
            found = found & one_of(f"{alias}.{self.column}", self.values)
        elif self.holders is not None:
            found = found & Statement(f"{alias}.{self.column} IN (") + self.holders + ")"
        besides = self.besides(alias)
        return found if besides is None else found & besides

    @property
    def holders(self) -> Statement | None:
        """A SELECT of the ids `id` that the column can have, where only the database knows them."""
        return None

    def besides(self, alias: str) -> Statement | None:
        """What a row must meet besides its account and the value of the column."""
        return self.of_products(alias)

    def of_products(self, alias: str) -> Statement | None:
        """The condition on the product of a row. Rows of a table without products have none of them."""
        if self.products is None:
            return None
        if self.table in _PRODUCT:
            return one_of(f"{alias}.{_PRODUCT[self.table]}", self.products)
        if self.table not in _ABOUT:
            return NEVER
        table, key = _ABOUT[self.table]
        opening = (
            f"EXISTS (SELECT 1 FROM {table} x WHERE x.account_id = {alias}.account_id"
            f" AND x.id = {alias}.{key} AND "
        )
        return Statement(opening) + one_of("x.product_id", self.products) + ")"

    @property
    def parts(self) -> "tuple[Reach, ...]":
        """The same reach as several, of which a row is in at most one, so that an index serves each."""
        return (self,)


class Collaborators(Reach, frozen=True):
    """Collaborators of an account, without those who became its owner. Their rows remain for their sales."""

    def besides(self, alias: str) -> Statement | None:
        """The condition that a collaborator has not ended."""
        present = Statement(
            "NOT EXISTS (SELECT 1 FROM ended_seats e"
            f" WHERE e.account_id = {alias}.account_id AND e.id = {alias}.id)"
        )
        narrowed = self.of_products(alias)
        return present if narrowed is None else present & narrowed


class EndedCredit(Reach, frozen=True, kw_only=True):
    """The rows credited to former collaborators and to one of the teams."""

    teams: tuple[str, ...]

    @property
    def holders(self) -> Statement | None:
        """The former collaborators."""
        return Statement("SELECT e.id FROM ended_seats e WHERE e.account_id = ?", (self.account_id,))

    def besides(self, alias: str) -> Statement | None:
        """The condition on the credited team."""
        credited = one_of(f"{alias}.credit_team_id", self.teams)
        narrowed = self.of_products(alias)
        return credited if narrowed is None else credited & narrowed


class Credited(Reach, frozen=True, kw_only=True):
    """Rows by credit: to the collaborators in `values`, and to former collaborators in one of `teams`."""

    teams: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Reach, ...]:
        """The rows credited to `values`, and those of former collaborators. No one is both."""
        current = Reach(self.table, self.account_id, self.column, self.values, self.products)
        if self.values is None or not self.teams:
            return (current,)
        ended = EndedCredit(
            self.table, self.account_id, self.column, products=self.products, teams=self.teams
        )
        return current, ended

    def where(self, alias: str) -> Statement:
        """The condition under which a row counts."""
        return either(part.where(alias) for part in self.parts)
