"""What e-mails say in English."""

from typing import Any

FOOTER = "This message was sent by {host}. If you did not expect it, you can ignore it."
TOLD: dict[str, tuple[Any, ...]] = {
    "verify_email": (
        "Confirm your e-mail address",
        ("Hello,", "please confirm that this address is yours. The link is good for 48 hours."),
        "Confirm my address",
    ),
    "already_registered": (
        "You are registered already",
        (
            "Hello,",
            "someone, perhaps you, tried to sign up with this address. You are registered: just sign in.",
            "If you have forgotten your password, ask for a new one.",
        ),
        "Sign in",
    ),
    "reset_password": (
        "Choose a new password",
        (
            "Hello,",
            "someone, perhaps you, asked for a new password. The link is good once, and not for long.",
            "If it was not you, do nothing: your password stays as it is.",
        ),
        "Choose a password",
    ),
    "password_changed": (
        "Your password was changed",
        (
            "Hello,",
            "your password has just been changed, and your other sessions have been ended.",
            "If it was not you, ask for a new password at once.",
        ),
    ),
    "invitation": (
        "{inviter} invites you to {account}",
        (
            "Hello {name},",
            "{inviter} invites you to work in the collaborators centre of {account}.",
            "The link is good for seven days, and for this address alone.",
        ),
        "See the invitation",
    ),
    "invitation_to_newcomer": (
        "You are invited to {account}",
        (
            "Hello,",
            "You are invited to work in the collaborators center of {account}.",
            "The link is valid for seven days, and for this address alone.",
        ),
        "See the invitation",
    ),
    "invitation_declined": (
        "{invited} declined your invitation",
        ("Hello {name},", "{invited} declined your invitation to work in {account}."),
    ),
    "collaborator_removed": (
        "You no longer work in {account}",
        ("Hello {name},", "your place in the collaborators centre of {account} has ended."),
    ),
    "transfer_offered": (
        "{owner} offers you the account {account}",
        (
            "Hello {name},",
            "{owner} wants to transfer the account {account} to you. You would be its owner from then on.",
            "Sign in to accept or decline. The offer is good for seven days.",
        ),
        "Sign in",
    ),
    "transfer_accepted": (
        "The account {account} has a new owner",
        ("Hello {name},", "the transfer of the account {account} is complete. Its owner is {owner} now."),
    ),
    "account_closed": (
        "The account {account} was closed",
        (
            "Hello {name},",
            "the account {account} has been closed. Nobody but you can enter it from now on.",
            "You can still export its data, or open it again.",
        ),
    ),
    "account_reopened": (
        "The account {account} is open again",
        ("Hello {name},", "the account {account} has been opened again, with everyone who worked in it."),
    ),
}
