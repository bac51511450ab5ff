"""What `audit` adds to the API."""

from graph.audit.account import AuditOfAccount
from graph.audit.messages import WORDS
from graph.kit.noun import Noun

NOUN = Noun(account=AuditOfAccount, messages=WORDS, lists={"AuditEntry.changes": 10})
