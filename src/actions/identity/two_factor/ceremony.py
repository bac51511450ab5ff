"""WebAuthn's two ceremonies, by the library `webauthn`. It takes half a second to import."""

from dataclasses import dataclass
from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from actions.identity.two_factor.relying_party import RelyingParty

_MISSHAPEN = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is stored of a new passkey, in base64url."""

    credential_id: str
    public_key: str
    sign_count: int


def creation_options(
    party: RelyingParty, challenge: str, user_id: str, email: str, name: str, known: list[str]
) -> str:
    """The options for `navigator.credentials.create`, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=user_id.encode(),
        user_name=email,
        user_display_name=name,
        challenge=base64url_to_bytes(challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return options_to_json(options)


def request_options(party: RelyingParty, challenge: str, known: list[str], *, alone: bool) -> str:
    """The options for `navigator.credentials.get`, as JSON. A passkey `alone` verifies its user, too."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=base64url_to_bytes(challenge),
        allow_credentials=_descriptors(known) if known else None,
        user_verification=(
            UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED
        ),
    )
    return options_to_json(options)


def registered(party: RelyingParty, challenge: str, credential: str) -> NewKey | None:
    """The passkey that a browser created for a challenge. None if its response is invalid."""
    try:
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
        )
    except _MISSHAPEN:
        return None
    return NewKey(
        bytes_to_base64url(verified.credential_id),
        bytes_to_base64url(verified.credential_public_key),
        verified.sign_count,
    )


def credential_id(credential: str) -> str | None:
    """The id of the passkey in a browser's response."""
    try:
        return bytes_to_base64url(webauthn.helpers.parse_authentication_credential_json(credential).raw_id)
    except _MISSHAPEN:
        return None


def signed(party: RelyingParty, challenge: str, credential: str, passkey: Any, *, alone: bool) -> int | None:
    """The passkey's counter if it signed a challenge. None if the response is invalid."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            credential_public_key=base64url_to_bytes(passkey["public_key"]),
            credential_current_sign_count=passkey["sign_count"],
            require_user_verification=alone,
        )
    except _MISSHAPEN:
        return None
    return verified.new_sign_count


def _descriptors(credential_ids: list[str]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(credential_id))
        for credential_id in credential_ids
    ]
