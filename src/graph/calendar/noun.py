"""What `calendar` adds to the API."""

from graph.calendar.account import CalendarMutations, CalendarOfAccount
from graph.calendar.messages import WORDS
from graph.kit.noun import Noun

NOUN = Noun(account=CalendarOfAccount, mutations=(CalendarMutations,), messages=WORDS)
