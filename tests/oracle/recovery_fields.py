"""The words of subscriptions and opportunities: what each type needs, and its fields."""

from oracle.fields import CONTACT, DECISION, PAGE, read

_RECOVERY, _SUBSCRIPTIONS = "VIEW_PURCHASE_RECOVERY_REPORT", "MANAGE_SUBSCRIPTIONS"
RECOVERY_TYPES = {
    **dict.fromkeys(
        (
            *(
                "SaleSubscription",
                "SubscriptionSummary",
                "ProductSubscription",
                "Subscriber",
                "SubscriptionRequest",
            ),
            *("SubscriptionReminderSent", "SubscriptionEvent", "SubscriptionAssignment"),
            *("SubscriptionRequestChange", "SubscriptionEmailSent", "SubscriptionEmailSkipped"),
        ),
        _SUBSCRIPTIONS,
    ),
    **dict.fromkeys(
        (
            *("Opportunity", "OpportunityStep", "OpportunityContact", "OpportunityOrigin"),
            *("OpportunityNote", "OpportunityEvent", "OpportunityStepChange", "OpportunityLoss"),
            *("OpportunityAssignment", "OpportunityDistribution"),
        ),
        _RECOVERY,
    ),
    "OpportunityAffiliate": "MANAGE_AFFILIATES",
}
RECOVERY_FIELDS = {
    "ProductSubscriptionConnection": read(PAGE + "ProductSubscription"),
    "OpportunityConnection": read(PAGE + "Opportunity"),
    "OpportunityNoteConnection": read(PAGE + "OpportunityNote"),
    "OpportunityEventConnection": read(PAGE + "OpportunityEvent"),
    "SaleSubscription": read("code plan recurrence subscription:SubscriptionSummary"),
    "SubscriptionSummary": read(
        "subscriptionId status nextChargeAt overdueRecurrences endedAt assignee:Person"
    ),
    "ProductSubscription": read(
        """id code status endedBy product:Product plan:PlanName period price:Money trial silent startedAt
        nextChargeAt chargeDay recurrence paidRecurrences overdueRecurrences endedAt reason note
        subscriber:Subscriber assignee:Person team:Team requests:SubscriptionRequest
        reminders:SubscriptionReminderSent history:SubscriptionEvent payments:Sale@SEARCH_SALES"""
    ),
    "Subscriber": read(CONTACT),
    "SubscriptionRequest": read(
        """id kind status reason note day effectiveFrom charge requestedAt requestedBy:ChangedBy expiresAt
        closedAt"""
    ),
    "SubscriptionReminderSent": read("at about days by:ChangedBy"),
    "SubscriptionEvent": read(
        """message happenedAt source change assignment:SubscriptionAssignment@LEAD
        request:SubscriptionRequestChange ruleEmail:SubscriptionEmailSent
        ruleEmailSkipped:SubscriptionEmailSkipped changedBy@ADMIN"""
    ),
    "SubscriptionAssignment": read("assigneeName teamName"),
    "SubscriptionRequestChange": read("kind status reason day"),
    "SubscriptionEmailSent": read("about days"),
    "SubscriptionEmailSkipped": read("about days"),
    "Opportunity": read(
        """id title kind status step:OpportunityStep amount:Money product:Product offer:Offer
        contact:OpportunityContact origin:OpportunityOrigin affiliate:OpportunityAffiliate@MANAGE_AFFILIATES
        assignee:Person team:Team starred probability remindAt attempts openedAt touchedAt closedAt lostReason
        mergedIntoId sale:Sale@SEARCH_SALES wonBy:Sale@SEARCH_SALES notes:OpportunityNoteConnection
        history:OpportunityEventConnection version"""
    ),
    "OpportunityStep": read("stepId name position open"),
    "OpportunityContact": read(CONTACT),
    "OpportunityOrigin": read("src sck xcod"),
    "OpportunityAffiliate": read("code name"),
    "OpportunityNote": read("text at by:ChangedBy"),
    "OpportunityEvent": read(
        """occurrence happenedAt source change stepChange:OpportunityStepChange loss:OpportunityLoss
        assignment:OpportunityAssignment@LEAD distribution:OpportunityDistribution@LEAD changedBy@ADMIN"""
    ),
    "OpportunityStepChange": read("step"),
    "OpportunityLoss": read("reason"),
    "OpportunityAssignment": read("assigneeName teamName"),
    "OpportunityDistribution": read(DECISION),
}
