"""What `notices` adds to the API."""

from graph.kit.noun import Noun
from graph.notices.account import NoticeMutations, NoticesOfAccount
from graph.notices.messages import WORDS
from graph.notices.types import NoticeSubscriptions

NOUN = Noun(
    account=NoticesOfAccount,
    mutations=(NoticeMutations,),
    subscription=NoticeSubscriptions,
    messages=WORDS,
    lists={
        "Account.noticeChoices": 3,
        "ChooseNoticesPayload.choices": 3,
        "NoticeChoice.channels": 2,
    },
    weights={"NoticeConnection.totalCount": 500},
)
