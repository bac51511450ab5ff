"""What `intake` adds to the API."""

from graph.intake.account import IntakeOfAccount
from graph.kit.noun import Noun

NOUN = Noun(account=IntakeOfAccount)
