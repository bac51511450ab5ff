"""Mutations that transfer an account to another owner."""

import strawberry

from actions.membership.transfers import transfer
from graph.accounts.payload import AccountPayload
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.payload import RepeatableInput
from graph.membership.collaborators.mutations import collaborator_row_id
from graph.viewer.payload import CentralPayload, account_named


@strawberry.input
class OfferTransferInput(RepeatableInput):
    """The collaborator to offer the account to."""

    collaborator_id: strawberry.ID
    """The collaborator, one of `collaborators` or of `people`, who can enter the central now."""


@strawberry.input
class CancelTransferInput(RepeatableInput):
    """The key by which the mutation can be repeated safely."""


@strawberry.input
class AcceptTransferInput(RepeatableInput):
    """The account to accept."""

    central_id: strawberry.ID
    """The account's central, from one of your `transferOffers`."""


@strawberry.input
class DeclineTransferInput(RepeatableInput):
    """The account to decline."""

    central_id: strawberry.ID
    """The account's central, from one of your `transferOffers`."""


@strawberry.type
class OfferTransferPayload(AccountPayload):
    """The result of `offerTransfer`."""


@strawberry.type
class CancelTransferPayload(AccountPayload):
    """The result of `cancelTransfer`."""


@strawberry.type
class AcceptTransferPayload(CentralPayload):
    """The result of `acceptTransfer`."""


@strawberry.type
class DeclineTransferPayload(CentralPayload):
    """The result of `declineTransfer`."""


@strawberry.type
class TransferMutations:
    """Mutations that transfer an account."""

    @mutation(transfer.OFFER_TRANSFER)
    async def offer_transfer(self, info: Info, input: OfferTransferInput) -> OfferTransferPayload:  # noqa: A002
        """Offers the account to a collaborator, who has seven days to accept it.

        Nothing else changes until then. The collaborator receives an e-mail. The offer is canceled when they
        leave, are suspended or are outside their access dates. FORBIDDEN: the collaborator is suspended or
        outside their access dates. TRANSFER_PENDING: the account is already offered to someone.

        Args:
            input: The collaborator to offer the account to.
        """
        offered = await transfer.offer_transfer(info.context.call, collaborator_row_id(input.collaborator_id))
        return OfferTransferPayload(object_id=offered)

    @mutation(transfer.CANCEL_TRANSFER)
    async def cancel_transfer(
        self,
        info: Info,
        input: CancelTransferInput | None = None,  # noqa: A002
    ) -> CancelTransferPayload:
        """Cancels the offer of the account.

        NOT_FOUND: there is no offer.

        Args:
            input: The key by which the mutation can be repeated safely.
        """
        return CancelTransferPayload(object_id=await transfer.cancel_transfer(info.context.call))

    @mutation(transfer.ACCEPT_TRANSFER)
    async def accept_transfer(self, info: Info, input: AcceptTransferInput) -> AcceptTransferPayload:  # noqa: A002
        """Makes you the owner of an account that is offered to you.

        You are no longer its collaborator; what is assigned to you stays assigned to you. The previous owner
        leaves the account. Their details and bank account are deleted. Every personal access token for the
        account ends, and so does every pending invitation that they sent. NOT_FOUND: the account is not
        offered to you.

        Args:
            input: The account to accept.
        """
        accepted = await transfer.accept_transfer(info.context.call, account_named(input.central_id))
        return AcceptTransferPayload(object_id=accepted)

    @mutation(transfer.DECLINE_TRANSFER)
    async def decline_transfer(self, info: Info, input: DeclineTransferInput) -> DeclineTransferPayload:  # noqa: A002
        """Declines an account that is offered to you.

        NOT_FOUND: the account is not offered to you.

        Args:
            input: The account to decline.
        """
        declined = await transfer.decline_transfer(info.context.call, account_named(input.central_id))
        return DeclineTransferPayload(object_id=declined)
