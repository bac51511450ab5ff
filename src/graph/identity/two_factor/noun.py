"""What `two_factor` adds to the API."""

from graph.identity.two_factor.messages import WORDS
from graph.identity.two_factor.mutations import TwoFactorMutations
from graph.identity.two_factor.passkeys import PasskeyMutations
from graph.identity.two_factor.sign_in import SecondFactorMutations
from graph.identity.two_factor.viewer import TwoFactorOfViewer
from graph.kit.noun import Noun

NOUN = Noun(
    viewer=TwoFactorOfViewer,
    mutations=(SecondFactorMutations, TwoFactorMutations, PasskeyMutations),
    messages=WORDS,
    lists={
        "TwoFactor.passkeys": 20,
        "ConfirmTwoFactorPayload.recoveryCodes": 10,
        "AddPasskeyPayload.recoveryCodes": 10,
        "RenewRecoveryCodesPayload.recoveryCodes": 10,
    },
)
