"""What `viewer` adds to the API."""

from graph.kit.noun import Noun
from graph.viewer.query import ViewerQuery
from graph.viewer.switcher import SwitcherMutations
from graph.viewer.types import ViewerFields

NOUN = Noun(
    query=ViewerQuery,
    viewer=ViewerFields,
    mutations=(SwitcherMutations,),
    lists={"Viewer.centrals": 100, "OrderCentralsPayload.centrals": 100},
)
