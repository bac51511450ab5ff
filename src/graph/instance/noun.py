"""What `instance` adds to the API."""

from graph.instance.query import InstanceQuery
from graph.kit.noun import Noun

NOUN = Noun(query=InstanceQuery)
