"""What `intake` adds to the API."""

from graph.intake.account import IntakeOfAccount
from graph.intake.live import IntakeSubscriptions
from graph.kit.noun import Noun

NOUN = Noun(
    account=IntakeOfAccount,
    subscription=IntakeSubscriptions,
    lists={"Account.intakeCounts": 20},
    weights={"Account.intakeCounts": 500},
)
