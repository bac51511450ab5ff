"""What instance add to the API."""

from graph.instance.query import InstanceQuery
from graph.kit.noun import Noun

INSTANCE = Noun(query=InstanceQuery)
