"""Targets, as part of `Account`."""

import strawberry

from authz.gates import owner_only
from engine.rows.connection import Connection
from graph.kit.listed import listed
from graph.kit.noun import AccountPart
from graph.tools.targets.types import Target, find_targets


@strawberry.type
class TargetsOfAccount(AccountPart):
    """Where the account's data leave the house."""

    targets: Connection[Target] | None = listed(find_targets, owner_only())
    """The outside addresses that the account's tools send data to, newest first."""
