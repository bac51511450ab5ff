"""What audit add to the API."""

from graph.audit.account import AuditOfAccount
from graph.audit.messages import WORDS
from graph.kit.noun import Noun

AUDIT = Noun(account=AuditOfAccount, messages=WORDS)
