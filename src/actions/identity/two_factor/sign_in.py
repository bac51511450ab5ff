"""The second step of a sign-in, and signing in with a passkey alone."""

from dataclasses import dataclass

from actions.identity.sessions.attempts import device_token, may_try
from actions.identity.sessions.challenge import (
    Challenge,
    OpenChallenge,
    begin_challenge,
    end_challenge,
    open_challenge,
)
from actions.identity.sessions.session import SignedIn, Tokens, open_session
from actions.identity.two_factor.codes import accept_code
from actions.identity.two_factor.passkeys import request_options, signer_of
from actions.identity.two_factor.relying_party import RelyingParty
from actions.identity.users.mailbox import locked_user
from actions.kit.call import Call
from actions.kit.mutation import Done, Mutation
from actions.kit.vault import Vault
from authz.refusal import ErrorCode, Refusal
from authz.viewer import Viewer
from models.vocabulary import ChallengeKind

START_PASSKEY_SIGN_IN = Mutation(
    "startPasskeySignIn", None, "Session", codes=(ErrorCode.RATE_LIMITED,), alone=True
)
COMPLETE_SIGN_IN = Mutation(
    "completeSignIn",
    None,
    "Session",
    codes=(
        ErrorCode.BAD_CODE,
        ErrorCode.BAD_CREDENTIALS,
        ErrorCode.BAD_INPUT,
        ErrorCode.CHALLENGE_ENDED,
        ErrorCode.RATE_LIMITED,
        ErrorCode.SESSION_ENDED,
    ),
    alone=True,
)


@dataclass(frozen=True, slots=True)
class ChallengeAnswer:
    """The answer to a challenge: a code, or a passkey's response as JSON."""

    token: str
    code: str | None = None
    credential: str | None = None


async def start_passkey_sign_in(call: Call, party: RelyingParty) -> tuple[Challenge, str]:
    """Begin a sign-in with only a passkey, for a user who is not known yet."""
    async with START_PASSKEY_SIGN_IN.refusals_logged(call):
        await may_try(START_PASSKEY_SIGN_IN.name, None, call.address)
    begun: list[Challenge] = []

    async def work(_viewer: Viewer) -> Done:
        begun.append(await begin_challenge(ChallengeKind.PASSKEY_SIGN_IN, None))
        return Done("")

    await START_PASSKEY_SIGN_IN.perform(call, work)
    return begun[0], await request_options(party, begun[0], None)


async def complete_sign_in(
    call: Call, vault: Vault, party: RelyingParty, answer: ChallengeAnswer, agent: str
) -> SignedIn:
    """Open a session for the user who answers a challenge. Each challenge works once.

    Failures are counted.
    """
    kinds = (ChallengeKind.SECOND_FACTOR, ChallengeKind.PASSKEY_SIGN_IN)
    async with COMPLETE_SIGN_IN.refusals_logged(call):
        whose = (await open_challenge(answer.token, *kinds)).user_id
        attempt = await may_try(COMPLETE_SIGN_IN.name, whose, call.address)
    created: list[Tokens] = []

    async def work(_viewer: Viewer) -> Done:
        if whose is not None:
            await locked_user("id", whose)
        found = await open_challenge(answer.token, *kinds)
        user_id = await _answerer(vault, party, found, answer)
        if user_id is None:
            wrong = "credential" if answer.credential is not None else "code"
            raise Refusal(ErrorCode.BAD_CODE, "bad_code", (wrong,))
        user = await locked_user("id", user_id)
        await end_challenge(found)
        created.append(await open_session(user_id, agent))
        await attempt.succeed()
        return Done(created[0].session_id, by=Viewer(user_id=user_id, name=user["name"]))

    await COMPLETE_SIGN_IN.perform(call, work)
    return SignedIn(created[0], device_token(call.chain_key, created[0].user_id))


async def _answerer(
    vault: Vault, party: RelyingParty, found: OpenChallenge, answer: ChallengeAnswer
) -> str | None:
    """The user who gave the answer. None if it is wrong."""
    if answer.credential is not None:
        return await signer_of(party, found, answer.credential)
    if found.user_id is None or answer.code is None:
        return None
    return found.user_id if await accept_code(vault, found.user_id, answer.code) else None
