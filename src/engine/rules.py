"""The rules for validating documents."""

from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    NoSchemaIntrospectionCustomRule,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    specified_rules,
)
from graphql.language.visitor import EnterLeaveVisitor
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from engine.limits import Limits


@dataclass(frozen=True, slots=True)
class Features:
    """What a schema reveals about itself: introspection, and suggestions for misspelled names."""

    introspection: bool = True
    suggestions: bool = True


ALL_FEATURES = Features()


def validation_rules(limits: Limits, features: Features) -> tuple[type[ASTValidationRule], ...]:
    """The validation rules: the specified ones, of which one has a budget, and two of Strawberry."""

    class FieldsCanBeMerged(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            self.rule_context.remaining_complexity_budget = limits.comparisons

    specified = [
        FieldsCanBeMerged if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules
    ]
    own = () if features.introspection else (NoSchemaIntrospectionCustomRule,)
    rules = (*own, *specified, MaybeNullValidationRule, OneOfInputValidationRule)
    return tuple(_quick(rule) for rule in rules)


_NEITHER = EnterLeaveVisitor(None, None)


def _quick(rule: type[ASTValidationRule]) -> type[ASTValidationRule]:
    """The same rule; the kinds of nodes that it does not visit are found once, not for each document.

    For a small document, a third of the time of its validation would pass with looking for such methods.
    """
    ignored: set[str] = set()

    class Quick(rule):  # type: ignore[misc, valid-type]
        def get_enter_leave_for_kind(self, kind: str) -> EnterLeaveVisitor:
            if kind in ignored:
                return _NEITHER
            found: EnterLeaveVisitor = super().get_enter_leave_for_kind(kind)
            if found == _NEITHER:
                ignored.add(kind)
            return found

    Quick.__name__ = rule.__name__
    return Quick
