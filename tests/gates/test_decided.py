"""Someone decided who sees each field: it is gated, or listed as open with the reason."""

from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, get_named_type

import pruned
from authz.gates import DOORS, Standing, grant_bit
from authz.grant import Grant
from centrals.printed import printed_schema
from engine.scope.gates import Gates
from engine.scope.schema import undecided
from graph.kit.payload import Payload
from graph.schema import full_schema
from reports.declarations import REPORTS
from reports.report import Kind

HERE = Path(__file__).parent
COMMITTED = HERE.parent.parent / "schema.graphql"

# what a member of a filter or an order looks at: whoever lacks that field lacks the member
ACTS_ON = {
    "CentralOrder.OWN": "Central.position",
    "CentralOrder.NAME": "Central.accountName",
    "CentralOrder.LAST_ENTERED": "Central.lastEnteredAt",
    "SaleFilter.status": "Sale.status",
    "SaleFilter.product": "Sale.product",
    "SaleFilter.soldAs": "Sale.soldAs",
    "SaleFilter.offer": "Sale.offer",
    "SaleFilter.withoutOffer": "Sale.offer",
    "SaleFilter.coupon": "Sale.coupon",
    "SaleFilter.refusal": "Sale.refusal",
    "SaleFilter.inFunnel": "Sale.inFunnel",
    "SaleFilter.period": "Sale.orderedAt",
    "SaleFilter.approvedPeriod": "Sale.approvedAt",
    "SaleFilter.refundedPeriod": "Sale.refundedAt",
    "SaleFilter.endedPeriod": "Sale.history",
    "SaleFilter.paymentMethod": "Sale.paymentMethod",
    "SaleFilter.inInstallments": "Sale.installments",
    "SaleFilter.origin": "Sale.origin",
    "SaleFilter.device": "Sale.device",
    "SaleFilter.checkoutOrigin": "Sale.checkoutOrigin",
    "SaleFilter.country": "Buyer.country",
    "SaleFilter.state": "BuyerAddress.state",
    "SaleFilter.city": "BuyerAddress.city",
    "SaleFilter.affiliate": "Sale.affiliate",
    "SaleFilter.coproducer": "Coproducer.name",
    "SaleFilter.share": "Commission.source",
    "SaleFilter.ownShare": "SelfBillingRow.unit",
    "SaleFilter.assignee": "Sale.assignee",
    "SaleFilter.unassigned": "Sale.assignee",
    "SaleFilter.inReports": "Sale.id",
    "SaleFilter.creditedTo": "CreditHolder.nodeId",  # within the statistics reach, as its description says
    "SaleFilter.uncredited": "CreditHolder.nodeId",
    "SaleFilter.creditedTeam": "CreditHolder.nodeId",
    "SaleFilter.withoutCreditedTeam": "CreditHolder.nodeId",
    "SaleFilter.currency": "Sale.price",
    "SaleFilter.amount": "Sale.price",
    "OriginFilter.src": "Origin.src",
    "OriginFilter.sck": "Origin.sck",
    "SaleFilter.text": "Sale.reference",  # buyers' contacts only with their grants, as its description says
    "SaleOrder.field": "Sale.id",
    "SaleOrder.direction": "Sale.id",
    "SaleOrderField.ORDERED_AT": "Sale.orderedAt",
    "SaleOrderField.APPROVED_AT": "Sale.approvedAt",
    "SaleOrderField.AMOUNT": "Sale.price",
    "ProductFilter.status": "Product.status",
    "ProductFilter.format": "Product.format",
    "ProductFilter.source": "Product.source",
    "CollaboratorFilter.text": "Collaborator.name",  # addresses for the owner alone, as its description says
    "CollaboratorFilter.role": "Collaborator.role",
    "CollaboratorFilter.profile": "Collaborator.profile",
    "CollaboratorFilter.team": "Collaborator.teams",
    "CollaboratorFilter.active": "Collaborator.active",
    "CollaboratorFilter.lastSeenBefore": "Collaborator.lastSeenAt",
    "CollaboratorOrder.field": "Collaborator.id",
    "CollaboratorOrder.direction": "Collaborator.id",
    "CollaboratorOrderField.NAME": "Collaborator.name",
    "CollaboratorOrderField.JOINED_AT": "Collaborator.joinedAt",
    "PersonFilter.text": "Person.name",
    "PersonFilter.role": "Person.role",
    "PersonFilter.team": "Person.teams",
    "PersonFilter.suspended": "Person.suspended",
    "InvitationFilter.text": "Invitation.name",
    "InvitationFilter.status": "Invitation.status",
    "InvitationFilter.role": "Invitation.role",
    "InvitationFilter.profile": "Invitation.profile",
    "InvitationOrder.field": "Invitation.id",
    "InvitationOrder.direction": "Invitation.id",
    "InvitationOrderField.NAME": "Invitation.name",
    "InvitationOrderField.CREATED_AT": "Invitation.createdAt",
    "ProductFilter.text": "Product.name",
    "ProductOrder.field": "Product.id",
    "ProductOrder.direction": "Product.id",
    "ProductOrderField.NAME": "Product.name",
    "ProductOrderField.CREATED_AT": "Product.id",
    "AuditFilter.actor": "AuditEntry.actor",
    "AuditFilter.act": "AuditEntry.act",
    "AuditFilter.object": "AuditEntry.objectId",
    "AuditFilter.refused": "AuditEntry.refusal",
    "AuditFilter.period": "AuditEntry.at",
    "IntakeFilter.outcome": "IntakeMessage.outcome",
    "IntakeFilter.kind": "IntakeMessage.kind",
    "IntakeFilter.reference": "IntakeMessage.reference",
    "IntakeFilter.hasDoubts": "IntakeMessage.doubts",
    "IntakeFilter.period": "IntakeMessage.receivedAt",
    "RefundRequestFilter.status": "RefundRequest.status",
    "RefundRequestFilter.requestedPeriod": "RefundRequest.requestedAt",
    "RefundRequestFilter.reason": "RefundRequest.reason",
    "RefundRequestOrder.field": "RefundRequest.id",
    "RefundRequestOrder.direction": "RefundRequest.id",
    "RefundRequestOrderField.REQUESTED_AT": "RefundRequest.requestedAt",
    "WithdrawalFilter.status": "Withdrawal.status",
    "WithdrawalFilter.currency": "Withdrawal.amount",
    "WithdrawalFilter.requestedPeriod": "Withdrawal.requestedAt",
    "WithdrawalOrder.field": "Withdrawal.id",
    "WithdrawalOrder.direction": "Withdrawal.id",
    "WithdrawalOrderField.REQUESTED_AT": "Withdrawal.requestedAt",
    "DeliveryFilter.endpoint": "Delivery.endpointId",
    "DeliveryFilter.event": "Delivery.event",
    "DeliveryFilter.status": "Delivery.status",
    "DeliveryFilter.period": "Delivery.createdAt",
    "IntegrationDeliveryFilter.integration": "IntegrationDelivery.integrationId",
    "IntegrationDeliveryFilter.event": "IntegrationDelivery.event",
    "IntegrationDeliveryFilter.status": "IntegrationDelivery.status",
    "IntegrationDeliveryFilter.period": "IntegrationDelivery.createdAt",
    "TargetFilter.purpose": "Target.purpose",
    "LedgerEntryFilter.kind": "LedgerEntry.kind",
    "LedgerEntryFilter.currency": "LedgerEntry.currency",
    "LedgerEntryFilter.period": "LedgerEntry.at",
    "SubscriptionFilter.status": "ProductSubscription.status",
    "SubscriptionFilter.product": "ProductSubscription.product",
    "SubscriptionFilter.plan": "ProductSubscription.plan",
    "SubscriptionFilter.overdue": "ProductSubscription.overdueRecurrences",
    "SubscriptionFilter.silent": "ProductSubscription.silent",
    "SubscriptionFilter.nextCharge": "ProductSubscription.nextChargeAt",
    "SubscriptionFilter.started": "ProductSubscription.startedAt",
    "SubscriptionFilter.ended": "ProductSubscription.endedAt",
    "SubscriptionFilter.assignee": "ProductSubscription.assignee",
    "SubscriptionFilter.unassigned": "ProductSubscription.assignee",
    # the subscriber's contacts only with their grants, as its description says
    "SubscriptionFilter.text": "ProductSubscription.code",
    "SubscriptionOrder.field": "ProductSubscription.id",
    "SubscriptionOrder.direction": "ProductSubscription.id",
    "SubscriptionOrderField.STARTED_AT": "ProductSubscription.startedAt",
    "SubscriptionOrderField.NEXT_CHARGE_AT": "ProductSubscription.nextChargeAt",
    "SubscriptionOrderField.ENDED_AT": "ProductSubscription.endedAt",
    "NoticeFilter.kind": "Notice.kind",
    "NoticeFilter.unread": "Notice.readAt",
    "OpportunityFilter.status": "Opportunity.status",
    "OpportunityFilter.kind": "Opportunity.kind",
    "OpportunityFilter.step": "Opportunity.step",
    "OpportunityFilter.product": "Opportunity.product",
    "OpportunityFilter.assignee": "Opportunity.assignee",
    "OpportunityFilter.unassigned": "Opportunity.assignee",
    "OpportunityFilter.starred": "Opportunity.starred",
    "OpportunityFilter.opened": "Opportunity.openedAt",
    "OpportunityFilter.remind": "Opportunity.remindAt",
    "OpportunityFilter.currency": "Opportunity.amount",
    "OpportunityFilter.inReports": "PurchaseRecoveryRow.opened",
    "OpportunityFilter.creditedTo": "PurchaseRecoveryRow.member",
    "OpportunityFilter.uncredited": "PurchaseRecoveryRow.member",
    "OpportunityFilter.creditedTeam": "PurchaseRecoveryRow.team",
    "OpportunityFilter.withoutCreditedTeam": "PurchaseRecoveryRow.team",
    "OpportunityFilter.text": "Opportunity.title",  # contacts only with their grants, as its description says
    "OpportunityOrder.field": "Opportunity.id",
    "OpportunityOrder.direction": "Opportunity.id",
    "OpportunityOrderField.TOUCHED_AT": "Opportunity.touchedAt",
    "OpportunityOrderField.OPENED_AT": "Opportunity.openedAt",
    "OpportunityOrderField.REMIND_AT": "Opportunity.remindAt",
    "OpportunityOrderField.AMOUNT": "Opportunity.amount",
    "ReportGroup.MEMBER": "CreditHolder.name",
    "ReportGroup.TEAM": "CreditHolder.name",
    "ReportFilter.product": "ProductRevenueRow.product",
    "ReportFilter.offer": "RevenueByProductDetailedRow.offer",
    "ReportFilter.src": "OriginRow.src",
    "ReportFilter.sck": "OriginRow.sck",
    "ReportFilter.checkoutOrigin": "CheckoutOriginRow.checkoutOrigin",
    "ReportFilter.paymentMethod": "PaymentMethodRow.paymentMethod",
    "ReportFilter.device": "RevenueByDeviceRow.device",
    "ReportFilter.country": "RevenueByLocationRow.country",
    "ReportFilter.coproducer": "CoproductionRevenueRow.coproducer",
    "ReportFilter.affiliate": "AffiliatePaymentsRow.affiliate",
    "ReportFilter.refusal": "CancellationReasonsRow.refusal",
    "ReportFilter.currency": "Money.currency",
    "RecoveryFilter.product": "ProductRevenueRow.product",
    "RecoveryFilter.src": "OriginRow.src",
    "RecoveryFilter.sck": "OriginRow.sck",
    "RecoveryFilter.currency": "Money.currency",
    "SubscriptionReportFilter.product": "ProductRevenueRow.product",
    "SubscriptionReportFilter.plan": "CancelledSubscriptionsRow.plan",
    "SubscriptionReportFilter.currency": "Money.currency",
    "AnnualOrder.column": "AnnualTotal.currency",
    "AnnualOrder.direction": "AnnualTotal.currency",
    "CustomerFilter.product": "ProductRevenueRow.product",
    "CustomerFilter.country": "RevenueByLocationRow.country",
    "CustomerFilter.atLeast": "Customer.purchases",
    "CustomerFilter.text": "Customer.name",
    "CustomerFilter.currency": "Money.currency",
    "CanceledSubscriptionFilter.product": "CanceledSubscription.product",
    "CanceledSubscriptionFilter.reason": "CanceledSubscription.reason",
    "CanceledSubscriptionFilter.endedBy": "CanceledSubscription.endedBy",
    "OverdueChargeFilter.product": "OverdueCharge.product",
    "CustomerOrder.field": "Customer.purchases",
    "CustomerOrder.direction": "Customer.purchases",
    "CustomerOrderField.LAST_AT": "Customer.lastAt",
    "CustomerOrderField.SPENT": "Customer.spent",
    "CustomerOrderField.PURCHASES": "Customer.purchases",
    "CustomerOrderField.NAME": "Customer.name",
}
# the order of a report's rows acts on its columns, which have the report's gate
SUMS = [report for report in REPORTS.values() if report.kind is Kind.SUM]
for _report in SUMS:
    for _name in ("column", "direction"):
        ACTS_ON[f"{_report.row_name.removesuffix('Row')}Order.{_name}"] = f"{_report.row_name}.currency"
# members that have a gate of their own
GATED = {
    "SaleFilter.period": grant_bit(Grant.SEARCH_SALES_BY_PERIOD),
    "SaleFilter.approvedPeriod": grant_bit(Grant.SEARCH_SALES_BY_PERIOD),
    "SaleFilter.refundedPeriod": grant_bit(Grant.SEARCH_SALES_BY_PERIOD),
    "SaleFilter.endedPeriod": grant_bit(Grant.SEARCH_SALES_BY_PERIOD),
    "SaleFilter.device": grant_bit(Grant.VIEW_REVENUE_BY_DEVICE_REPORT),
    "SaleFilter.checkoutOrigin": grant_bit(Grant.VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT),
    "SaleFilter.country": grant_bit(Grant.VIEW_REVENUE_BY_LOCATION_REPORT),
    "SaleFilter.state": grant_bit(Grant.SEND_RECEIPTS),
    "SaleFilter.city": grant_bit(Grant.SEND_RECEIPTS),
    "SaleFilter.affiliate": grant_bit(Grant.MANAGE_AFFILIATES),
    "SaleFilter.coproducer": grant_bit(Grant.VIEW_COPRODUCTION_REVENUE_REPORT),
    "SaleFilter.share": grant_bit(Grant.VIEW_COMMISSIONS_REPORT),
    "SaleFilter.ownShare": grant_bit(Grant.VIEW_SELF_BILLING_REPORT),
    "SaleFilter.creditedTo": int(Standing.LEAD),
    "SaleFilter.uncredited": int(Standing.LEAD),
    "SaleFilter.creditedTeam": int(Standing.ADMIN),
    "SaleFilter.withoutCreditedTeam": int(Standing.ADMIN),
    "SaleOrderField.ORDERED_AT": grant_bit(Grant.SEARCH_SALES_BY_PERIOD),
    "SaleOrderField.APPROVED_AT": grant_bit(Grant.SEARCH_SALES_BY_PERIOD),
    "ProductFilter.status": grant_bit(Grant.VIEW_PRODUCTS),
    "ProductFilter.format": grant_bit(Grant.VIEW_PRODUCTS),
    "ProductFilter.source": grant_bit(Grant.VIEW_PRODUCTS),
    "CollaboratorFilter.team": int(Standing.ADMIN),
    "PersonFilter.role": int(Standing.ADMIN),
    "PersonFilter.team": int(Standing.ADMIN),
    "PersonFilter.suspended": int(Standing.ADMIN),
    "ReportGroup.MEMBER": int(Standing.LEAD),
    "ReportGroup.TEAM": int(Standing.ADMIN),
    "ReportFilter.product": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
    "ReportFilter.offer": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_DETAILED_REPORT),
    "ReportFilter.src": grant_bit(Grant.VIEW_SALES_BY_ORIGIN_REPORT),
    "ReportFilter.sck": grant_bit(Grant.VIEW_SALES_BY_ORIGIN_REPORT),
    "ReportFilter.checkoutOrigin": grant_bit(Grant.VIEW_SALES_BY_CHECKOUT_ORIGIN_REPORT),
    "ReportFilter.paymentMethod": grant_bit(Grant.VIEW_PAYMENT_METHODS_REPORT),
    "ReportFilter.device": grant_bit(Grant.VIEW_REVENUE_BY_DEVICE_REPORT),
    "ReportFilter.country": grant_bit(Grant.VIEW_REVENUE_BY_LOCATION_REPORT),
    "ReportFilter.coproducer": grant_bit(Grant.VIEW_COPRODUCTION_REVENUE_REPORT),
    "ReportFilter.affiliate": grant_bit(Grant.VIEW_AFFILIATE_PAYMENTS_REPORT),
    "ReportFilter.refusal": grant_bit(Grant.VIEW_CANCELLATION_REASON_REPORT),
    "OpportunityFilter.creditedTo": int(Standing.LEAD),
    "OpportunityFilter.uncredited": int(Standing.LEAD),
    "OpportunityFilter.creditedTeam": int(Standing.ADMIN),
    "OpportunityFilter.withoutCreditedTeam": int(Standing.ADMIN),
    "CanceledSubscriptionFilter.product": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
    "OverdueChargeFilter.product": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
    "RecoveryFilter.product": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
    "RecoveryFilter.src": grant_bit(Grant.VIEW_SALES_BY_ORIGIN_REPORT),
    "RecoveryFilter.sck": grant_bit(Grant.VIEW_SALES_BY_ORIGIN_REPORT),
    "SubscriptionReportFilter.product": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
    "SubscriptionReportFilter.plan": grant_bit(Grant.VIEW_CANCELLED_SUBSCRIPTIONS_REPORT),
    "CustomerFilter.product": grant_bit(Grant.VIEW_REVENUE_BY_PRODUCT_REPORT),
    "CustomerFilter.country": grant_bit(Grant.VIEW_REVENUE_BY_LOCATION_REPORT),
}


def _listed() -> dict[str, str]:
    lines = (HERE / "open_fields.txt").read_text().splitlines()
    split = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    assert all(len(item) == 2 for item in split), "each line is a coordinate and a reason"
    assert len({item[0] for item in split}) == len(split), "each coordinate is listed once"
    return {item[0]: item[1] for item in split}


def _undecided() -> set[str]:
    """The fields to decide on. A payload's are open: what a mutation answers is for whoever may call it."""
    schema = full_schema()._schema
    return {item for item in undecided(schema, DOORS) if not _is_payload(schema.type_map[item.split(".")[0]])}


def _is_payload(kind: Any) -> bool:
    return issubclass(kind.extensions["strawberry-definition"].origin, Payload)


def test_each_field_is_gated_or_listed_as_open() -> None:
    missing = _undecided() - _listed().keys()

    assert not missing, "gate these, or list them in open_fields.txt with the reason"


def test_no_listed_field_is_gated_or_gone() -> None:
    stale = _listed().keys() - _undecided()

    assert not stale


def test_the_committed_schema_is_the_one_that_is_printed() -> None:
    assert printed_schema() == COMMITTED.read_text()


def test_each_gate_of_the_code_is_printed_and_each_printed_one_is_in_the_code() -> None:
    gates = Gates(full_schema()._schema)
    declared = dict(gates.types)
    declared |= {f"{owner}.{name}": bit for (owner, name), bit in gates.members.items()}
    declared |= {f"{owner}.{name}({item}:)": bit for (owner, name, item), bit in gates.arguments.items()}

    assert {coordinate: bit for coordinate, bit in declared.items() if bit} == pruned.gates()


def test_everything_has_a_description() -> None:
    bare = []
    for kind in pruned.own_types(full_schema()._schema):
        if not kind.description:
            bare.append(kind.name)
        for name, member in pruned.members(kind).items():
            if not member.description:
                bare.append(f"{kind.name}.{name}")
            for argument_name, argument in getattr(member, "args", {}).items():
                if not argument.description:
                    bare.append(f"{kind.name}.{name}({argument_name}:)")

    assert not bare


def test_descriptions_are_sentences() -> None:
    schema = full_schema()._schema
    results = [(kind.name, kind.description) for kind in pruned.own_types(schema)]
    for kind in pruned.own_types(schema):
        results += [(f"{kind.name}.{name}", item.description) for name, item in pruned.members(kind).items()]

    assert not [
        item for item, words in results if words and (words != words.strip() or words[-1] not in '.:?!"')
    ]


def _filters_and_orders() -> list[str]:
    found = []
    for kind in pruned.own_types(full_schema()._schema):
        if kind.name.endswith(("Filter", "Order", "OrderField", "ReportGroup")):
            found += [f"{kind.name}.{name}" for name in pruned.members(kind)]
    return sorted(found)


def test_each_member_of_a_filter_or_an_order_tells_what_it_looks_at() -> None:
    assert _filters_and_orders() == sorted(ACTS_ON)


@pytest.mark.parametrize("stand", pruned.near_misses(), ids=str)
def test_who_lacks_a_field_lacks_what_filters_or_sorts_by_it(stand: pruned.Stand) -> None:
    there = pruned.coordinates(pruned.schema_for(stand.mask))

    assert not [item for item, visible in ACTS_ON.items() if item in there and visible not in there]


def test_what_filters_or_sorts_by_a_gated_field_has_its_gate() -> None:
    gates = pruned.gates()

    assert {member: gates[member] for member in ACTS_ON if member in gates} == GATED
    assert {member for member, visible in ACTS_ON.items() if visible in gates} <= GATED.keys()


def test_no_lists_run_in_a_circle() -> None:
    """Lists that lead back to themselves would multiply with each turn, whatever a page allows."""
    leads = {
        name: [(get_named_type(field.type).name, _is_list(field.type)) for field in kind.fields.values()]
        for name, kind in full_schema()._schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
    }

    circles = [name for name in leads if _comes_back_by_a_list(leads, name)]

    assert circles == []


def _is_list(kind: Any) -> bool:
    while isinstance(kind, GraphQLNonNull):
        kind = kind.of_type
    return isinstance(kind, GraphQLList)


def _comes_back_by_a_list(leads: dict[str, list[tuple[str, bool]]], start: str) -> bool:
    found: set[tuple[str, bool]] = set()
    waiting = [(start, False)]
    while waiting:
        name, by_list = waiting.pop()
        for to, is_list in leads.get(name, ()):
            step = (to, by_list or is_list)
            if to == start and step[1]:
                return True
            if step not in found:
                found.add(step)
                waiting.append(step)
    return False
