"""Every e-mail that the server sends, by its kind: the nouns declare them."""

from actions.accounts import emails as accounts
from actions.commerce.receipts import emails as receipts
from actions.commerce.refunds import emails as refunds
from actions.commerce.sales import emails as sales
from actions.commerce.subscriptions import emails as subscriptions
from actions.commerce.withdrawals import emails as withdrawals
from actions.developers.credentials import emails as credentials
from actions.developers.webhooks import emails as webhooks
from actions.identity.email_changes import emails as email_changes
from actions.identity.two_factor import emails as two_factor
from actions.identity.users import emails as users
from actions.kit.email import Email
from actions.membership.collaborators import emails as collaborators
from actions.membership.invitations import emails as invitations
from actions.membership.transfers import emails as transfers
from actions.notices import emails as notices
from actions.schedules import emails as schedules
from actions.tools.integrations import emails as integrations
from actions.tools.targets import emails as targets

EMAILS: dict[str, Email] = {
    email.kind: email
    for noun in (
        users,
        two_factor,
        email_changes,
        invitations,
        collaborators,
        transfers,
        sales,
        receipts,
        refunds,
        withdrawals,
        subscriptions,
        accounts,
        schedules,
        notices,
        credentials,
        webhooks,
        targets,
        integrations,
    )
    for email in noun.EMAILS
}
