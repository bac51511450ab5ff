"""What intake add to the API."""

from graph.intake.account import IntakeOfAccount
from graph.kit.noun import Noun

INTAKE = Noun(account=IntakeOfAccount)
