"""The rules for validating documents."""

from dataclasses import dataclass

from graphql import (
    ASTValidationRule,
    NoSchemaIntrospectionCustomRule,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    specified_rules,
)
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
    return (*own, *specified, MaybeNullValidationRule, OneOfInputValidationRule)
