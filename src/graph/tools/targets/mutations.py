"""Mutations of targets: the owner decides."""

import strawberry

from actions.tools.targets import target
from authz import reach
from authz.gates import owner_only
from graph.kit.context import Info
from graph.kit.mutation import mutation
from graph.kit.node import named
from graph.kit.payload import Payload, RepeatableInput
from graph.tools.targets.types import Target


@strawberry.input
class ConfirmTargetInput(RepeatableInput):
    """The target to confirm."""

    id: strawberry.ID
    """The target: one of `targets`."""
    expected_version: int
    """The target's `version` that you have read, so that you confirm what you have seen."""


@strawberry.input
class RefuseTargetInput(RepeatableInput):
    """The target to refuse."""

    id: strawberry.ID
    """The target: one of `targets`."""
    expected_version: int
    """The target's `version` that you have read."""


@strawberry.type
class TargetPayload(Payload):
    """The result of a decision about a target."""

    @owner_only()
    async def target(self, info: Info) -> Target | None:
        """The target as it is now; null if the mutation was refused."""
        return await self.row(Target, reach.targets(info.context.viewer))


@strawberry.type
class ConfirmTargetPayload(TargetPayload):
    """The result of `confirmTarget`."""


@strawberry.type
class RefuseTargetPayload(TargetPayload):
    """The result of `refuseTarget`."""


@strawberry.type
class TargetMutations:
    """Mutations of targets."""

    @mutation(target.CONFIRM_TARGET)
    async def confirm_target(
        self,
        info: Info,
        input: ConfirmTargetInput,  # noqa: A002
    ) -> ConfirmTargetPayload:
        """Lets data be sent to an outside address from now on, on your authority.

        WRONG_STATE: it is confirmed on your authority already. VERSION_CONFLICT: the address or what is sent
        has changed since.

        Args:
            input: The target.
        """
        object_id = named(input.id, Target)
        found = await target.confirm_target(info.context.call, object_id, input.expected_version)
        return ConfirmTargetPayload(object_id=found)

    @mutation(target.REFUSE_TARGET)
    async def refuse_target(
        self,
        info: Info,
        input: RefuseTargetInput,  # noqa: A002
    ) -> RefuseTargetPayload:
        """Lets nothing be sent to an outside address any more. What waits to be sent there is dropped.

        WRONG_STATE: it is refused already. VERSION_CONFLICT: it has changed since.

        Args:
            input: The target.
        """
        object_id = named(input.id, Target)
        found = await target.refuse_target(info.context.call, object_id, input.expected_version)
        return RefuseTargetPayload(object_id=found)
