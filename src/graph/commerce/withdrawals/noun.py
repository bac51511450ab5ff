"""What `withdrawals` adds to the API."""

from engine.cost import HEAVY
from graph.commerce.withdrawals.account import WithdrawalsOfAccount
from graph.commerce.withdrawals.live import WithdrawalSubscriptions
from graph.commerce.withdrawals.messages import WORDS
from graph.commerce.withdrawals.mutations import WithdrawalMutations
from graph.kit.noun import Noun

NOUN = Noun(
    account=WithdrawalsOfAccount,
    mutations=(WithdrawalMutations,),
    subscription=WithdrawalSubscriptions,
    messages=WORDS,
    lists={
        "Account.balances": 5,
        "Account.ledger": 100,
        "Balance.releases": 30,
        "LedgerDay.lines": 2,
        "LedgerEntry.lines": 2,
        "Withdrawal.history": 3,
    },
    weights={"Account.ledger": HEAVY, "LedgerEntryConnection.totalCount": 500},
)
