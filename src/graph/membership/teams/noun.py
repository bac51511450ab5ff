"""What `teams` adds to the API."""

from graph.kit.noun import Noun
from graph.membership.teams.account import TeamsOfAccount
from graph.membership.teams.member_mutations import TeamMemberMutations
from graph.membership.teams.messages import WORDS
from graph.membership.teams.mutations import TeamMutations

NOUN = Noun(
    account=TeamsOfAccount,
    mutations=(TeamMutations, TeamMemberMutations),
    messages=WORDS,
    lists={"Account.teams": 20, "Team.members": 100},
)
