"""Handing an account over."""

import strawberry

from actions.transfers import transfer
from authz.centrals import door_of
from authz.gates import in_session, owner_only
from authz.refusal import Refusal
from graph.accounts.mutations import AccountAnswer, answered
from graph.collaborators.mutations import seat_named
from graph.kit.context import Info
from graph.kit.errors import UserError, user_error
from graph.viewer.types import Central, central_of, central_row


@strawberry.input
class OfferTransferInput:
    """Whom the account is offered to."""

    collaborator_id: strawberry.ID
    """One of `collaborators` or of `people`, who can enter now."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class CancelTransferInput:
    """How to repeat it safely."""

    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class AcceptTransferInput:
    """Which account is accepted."""

    central_id: strawberry.ID
    """The central of one of your `transferOffers`."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.input
class DeclineTransferInput:
    """Which account is declined."""

    central_id: strawberry.ID
    """The central of one of your `transferOffers`."""
    idempotency_key: str | None = None
    """A key of your own: repeated within a day with the same input, the act is done once."""


@strawberry.type
class OfferTransferPayload(AccountAnswer):
    """What came of offering the account."""


@strawberry.type
class CancelTransferPayload(AccountAnswer):
    """What came of taking the offer back."""


@strawberry.type
class AcceptTransferPayload:
    """What came of accepting an account."""

    central: Central | None = None
    """Its door, which you now enter as the owner."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class DeclineTransferPayload:
    """What came of declining an account."""

    central: Central | None = None
    """Its door, which you enter as before."""
    errors: list[UserError] = strawberry.field(default_factory=list)
    """Why nothing came of it."""


@strawberry.type
class TransferMutations:
    """Mutations that hand an account over."""

    @owner_only()
    async def offer_transfer(self, info: Info, input: OfferTransferInput) -> OfferTransferPayload:  # noqa: A002
        """Offer the account to a collaborator, who has seven days to accept it.

        Nothing changes until then; the collaborator is told by e-mail. The offer falls when the seat ends, is
        suspended or leaves its dates. Errors: NOT_FOUND; FORBIDDEN for a seat that is suspended, or outside
        its dates; TRANSFER_PENDING while another offer stands; ACCOUNT_CLOSED.

        Args:
            input: Whom it is offered to.
        """
        seat = seat_named(input.collaborator_id)
        act = transfer.offer_transfer(info.context.caller, seat, input.idempotency_key)
        return await answered(info.context, OfferTransferPayload(), act)

    @owner_only()
    async def cancel_transfer(
        self,
        info: Info,
        input: CancelTransferInput | None = None,  # noqa: A002
    ) -> CancelTransferPayload:
        """Take back the offer of the account.

        Errors: NOT_FOUND where none stands.

        Args:
            input: A key to repeat it safely by.
        """
        act = transfer.cancel_transfer(info.context.caller, input.idempotency_key if input else None)
        return await answered(info.context, CancelTransferPayload(), act)

    @in_session()
    async def accept_transfer(self, info: Info, input: AcceptTransferInput) -> AcceptTransferPayload:  # noqa: A002
        """Become the owner of an account that is offered to you.

        Your seat ends; what was assigned to it stays assigned to you. The owner of before leaves the account,
        and with him go his details, where its money went, every personal access token for it, and the
        invitations that he sent and nobody accepted. Errors: NOT_FOUND where no such offer stands.

        Args:
            input: Which account.
        """
        context = info.context
        account_id = central_row(input.central_id)
        try:
            await transfer.accept_transfer(context.caller, account_id, input.idempotency_key)
        except Refusal as refusal:
            return AcceptTransferPayload(errors=[user_error(refusal, context)])
        door = await door_of(context.viewer, account_id)
        return AcceptTransferPayload(central=central_of(door) if door else None)

    @in_session()
    async def decline_transfer(self, info: Info, input: DeclineTransferInput) -> DeclineTransferPayload:  # noqa: A002
        """Decline an account that is offered to you.

        Errors: NOT_FOUND where no such offer stands.

        Args:
            input: Which account.
        """
        context = info.context
        account_id = central_row(input.central_id)
        try:
            await transfer.decline_transfer(context.caller, account_id, input.idempotency_key)
        except Refusal as refusal:
            return DeclineTransferPayload(errors=[user_error(refusal, context)])
        door = await door_of(context.viewer, account_id)
        return DeclineTransferPayload(central=central_of(door) if door else None)
