"""What `two_factor` adds to the API."""

from graph.kit.noun import Noun
from graph.two_factor.messages import WORDS
from graph.two_factor.mutations import TwoFactorMutations
from graph.two_factor.passkeys import PasskeyMutations
from graph.two_factor.sign_in import SecondFactorMutations
from graph.two_factor.viewer import TwoFactorOfViewer

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
