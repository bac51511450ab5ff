"""What `intake` adds to the API."""

from graph.intake.account import IntakeOfAccount
from graph.kit.noun import Noun

NOUN = Noun(
    account=IntakeOfAccount, lists={"Account.intakeCounts": 20}, weights={"Account.intakeCounts": 500}
)
