"""Every e-mail that the server sends, by its kind: the nouns declare them."""

from actions.accounts import emails as accounts
from actions.collaborators import emails as collaborators
from actions.email_changes import emails as email_changes
from actions.invitations import emails as invitations
from actions.kit.email import Email
from actions.sales import emails as sales
from actions.transfers import emails as transfers
from actions.two_factor import emails as two_factor
from actions.users import emails as users

EMAILS: dict[str, Email] = {
    email.kind: email
    for noun in (users, two_factor, email_changes, invitations, collaborators, transfers, sales, accounts)
    for email in noun.EMAILS
}
