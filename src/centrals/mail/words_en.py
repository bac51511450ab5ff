"""What e-mails say in English."""

from typing import Any

FOOTER = "This message was sent by {host}. If you did not expect it, you can ignore it."
TEXTS: dict[str, tuple[Any, ...]] = {
    "verify_email": (
        "Confirm your e-mail address",
        ("Hello,", "Please confirm that this is your e-mail address. The link is valid for 48 hours."),
        "Confirm my address",
    ),
    "already_registered": (
        "You already have an account",
        (
            "Hello,",
            "Someone tried to sign up with this e-mail address. You already have an account: just sign in.",
            "If you forgot your password, you can choose a new one.",
        ),
        "Sign in",
    ),
    "reset_password": (
        "Choose a new password",
        (
            "Hello,",
            "Someone asked to reset your password. The link works once and expires soon.",
            "If it was not you, ignore this message. Your password stays the same.",
        ),
        "Choose a password",
    ),
    "password_changed": (
        "Your password was changed",
        (
            "Hello,",
            "Your password was changed, and your other sessions were ended.",
            "If it was not you, reset your password now.",
        ),
    ),
    "invitation": (
        "{inviter} invites you to {account}",
        (
            "Hello {name},",
            "{inviter} invites you to work in the collaborators center of {account}.",
            "The link is valid for seven days and for this e-mail address only.",
        ),
        "View the invitation",
    ),
    "invitation_to_newcomer": (
        "You are invited to {account}",
        (
            "Hello,",
            "You are invited to work in the collaborators center of {account}.",
            "The link is valid for seven days and for this e-mail address only.",
        ),
        "View the invitation",
    ),
    "invitation_declined": (
        "{invited} declined your invitation",
        ("Hello {name},", "{invited} declined your invitation to work in {account}."),
    ),
    "collaborator_removed": (
        "You no longer work in {account}",
        ("Hello {name},", "You were removed from the collaborators center of {account}."),
    ),
    "transfer_offered": (
        "{owner} offers you the account {account}",
        (
            "Hello {name},",
            "{owner} wants to transfer the account {account} to you. If you accept, you become its owner.",
            "Sign in to accept or decline. The offer is valid for seven days.",
        ),
        "Sign in",
    ),
    "transfer_accepted": (
        "The account {account} has a new owner",
        ("Hello {name},", "The transfer of the account {account} is complete. Its new owner is {owner}."),
    ),
    "account_closed": (
        "The account {account} was closed",
        (
            "Hello {name},",
            "The account {account} was closed. From now on, only you can enter it.",
            "You can still export its data or reopen the account.",
        ),
    ),
    "account_reopened": (
        "The account {account} was reopened",
        ("Hello {name},", "The account {account} was reopened with all of its collaborators."),
    ),
    "buyer_email_changed": (
        "A buyer of {account} has a new e-mail address",
        (
            "Hello {name},",
            "{by} changed the e-mail address of the buyer of sale {reference}.",
            "It was {before}, and is now {after}.",
        ),
    ),
    "buyer_email_moved": (
        "The e-mail address of your purchase was changed",
        (
            "Hello,",
            "your purchase {reference} at {account} has another e-mail address now.",
            "If you did not ask for this, contact the seller.",
        ),
    ),
}
