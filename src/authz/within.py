"""What a reach is: rows of one table in one account, by the values that a column has for them."""

import msgspec

from models.statement import NEVER, Statement, either, one_of


class Reach(msgspec.Struct, frozen=True):
    """Rows of one table in one account: all of them, or those whose column has one of the values."""

    table: str
    account_id: str | None
    column: str = ""
    values: tuple[str, ...] | None = None

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

    def besides(self, _alias: str) -> Statement | None:
        """What a row must meet besides its account and the value of the column."""
        return None

    @property
    def parts(self) -> "tuple[Reach, ...]":
        """The same reach as several, of which a row is in at most one, so that an index serves each."""
        return (self,)


class Collaborators(Reach, frozen=True):
    """Collaborators of an account, without those who became its owner. Their rows remain for their sales."""

    def besides(self, alias: str) -> Statement | None:
        """The condition that a collaborator has not ended."""
        return Statement(
            "NOT EXISTS (SELECT 1 FROM ended_seats e"
            f" WHERE e.account_id = {alias}.account_id AND e.id = {alias}.id)"
        )


class EndedCredit(Reach, frozen=True, kw_only=True):
    """The rows credited to former collaborators and to one of the teams."""

    teams: tuple[str, ...]

    @property
    def holders(self) -> Statement | None:
        """The former collaborators."""
        return Statement("SELECT e.id FROM ended_seats e WHERE e.account_id = ?", (self.account_id,))

    def besides(self, alias: str) -> Statement | None:
        """The condition on the credited team."""
        return one_of(f"{alias}.credit_team_id", self.teams)


class Credited(Reach, frozen=True):
    """Rows by credit: to the collaborators in `values`, and to former collaborators in one of `teams`."""

    teams: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[Reach, ...]:
        """The rows credited to `values`, and those of former collaborators. No one is both."""
        current = Reach(self.table, self.account_id, self.column, self.values)
        if self.values is None or not self.teams:
            return (current,)
        return current, EndedCredit(self.table, self.account_id, self.column, teams=self.teams)

    def where(self, alias: str) -> Statement:
        """The condition under which a row counts."""
        return either(part.where(alias) for part in self.parts)
