"""One sound call of each mutation, by what a center and its sales, invitations and sessions are called."""

from datetime import UTC, datetime
from typing import Any

import make
from center import Center
from models import database

NEVER = "00000000-0000-7000-8000-000000000000"


INTEGRATION: dict[str, Any] = {
    "name": "Warehouse",
    "url": "https://93.184.215.14/in",
    "events": ["SALE_APPROVED"],
    "fields": [{"as": "ref", "from": "SALE_REFERENCE"}],
}


async def sound_calls(at: Center) -> dict[str, dict[str, Any] | None]:
    """The input of each mutation; none for those that take none.

    Each names what is there, so that a refusal is about what a test spoils; `closeAccount` names another
    account, since it would end the rest.
    """
    warranty = {"warranty_until": database.now() + 7 * 86_400_000}
    sale = await make.sale(at.account, assignee=at.collaborators["user"], **warranty)
    invited = {"name": "New", "email": f"{database.new_id()}@example.com", "profileId": at.profile("small")}
    invitation = (await at.act("owner", "inviteCollaborator", "invitation { id }", **invited))["invitation"]
    subscription = (await make.subscription(at.account, at.collaborators["user"]))["code"]
    who, profile, team = at.collaborator("user"), at.profile("small"), at.team_id
    product = f"product_{(await make.product(at.account))['id']}"
    webhook = await make.webhook(at.account, at.account["owner_id"])
    central, address = f"central_{at.account['id']}", "someone@example.com"
    created = await at.act("owner", "createOpportunity", "opportunity { id version }", title="Bulk order")
    opportunity = {"id": created["opportunity"]["id"], "expectedVersion": created["opportunity"]["version"]}
    tomorrow = datetime.fromtimestamp(database.now() // 1000 + 86_400, UTC).isoformat()
    noted: dict[str, Any] = {"note": "By telephone", "mentions": []}
    steps = (await at.ask("owner", "{ account { pipeline { stepId } } }"))["account"]["pipeline"]
    return {
        "signIn": {"email": address, "password": "wrong"},
        "refreshSession": {"refreshToken": "unknown"},
        "signOut": None,
        "revokeSession": {"id": f"session_{NEVER}"},
        "revokeOtherSessions": None,
        "requestEmailChange": {"email": f"moved-{database.new_id()}@example.com"},
        "confirmEmailChange": {"token": "unknown"},
        "undoEmailChange": {"token": "unknown"},
        "startPasskeySignIn": None,
        "completeSignIn": {"token": "unknown", "code": "123456"},
        "setUpTwoFactor": {"identity": {"password": "wrong"}},
        "confirmTwoFactor": {"code": "123456"},
        "disableTwoFactor": {"identity": {"password": "wrong"}},
        "renewRecoveryCodes": {"identity": {"password": "wrong"}},
        "startPasskey": {"identity": {"password": "wrong"}},
        "addPasskey": {"token": "unknown", "credential": "{}", "name": "Phone"},
        "renamePasskey": {"id": f"passkey_{NEVER}", "name": "Phone"},
        "removePasskey": {"id": f"passkey_{NEVER}"},
        "assignSale": {
            "reference": sale["reference"],
            "assigneeId": who.replace("collaborator", "person"),
            "teamId": team,
        },
        "assignSales": {
            "references": [sale["reference"]],
            "assigneeId": who.replace("collaborator", "person"),
            "teamId": team,
        },
        "changeBuyerEmail": {"reference": sale["reference"], "email": "changed@example.com"},
        "sendReceipt": {"reference": sale["reference"], "copyTo": "copy@example.com"},
        "resendPurchaseEmail": {"reference": sale["reference"]},
        "issuePaymentSlip": {"reference": sale["reference"]},
        "requestRefund": {"reference": sale["reference"], "reason": "REGRET"} | noted,
        "withdrawRefundRequest": {"id": f"refund_{NEVER}"},
        "approveRefundRequest": {"id": f"refund_{NEVER}"},
        "refuseRefundRequest": {"id": f"refund_{NEVER}", "reason": "Not this time"},
        "cancelSubscription": {"code": subscription, "reason": "PRICE"} | noted,
        "makeWithdrawal": {"amount": {"amount": "10.00", "currency": "BRL"}},
        "cancelWithdrawal": {"id": f"withdrawal_{NEVER}"},
        "approveWithdrawal": {"id": f"withdrawal_{NEVER}"},
        "refuseWithdrawal": {"id": f"withdrawal_{NEVER}", "reason": "Not this time"},
        "settleWithdrawal": {"id": f"withdrawal_{NEVER}", "outcome": {"paid": {"bankReference": "B1"}}},
        "setPayoutTerms": {"days": []},
        "setWithdrawalRules": {"minimum": []},
        "openBalance": {"paidOut": {"amount": "10.00", "currency": "BRL"}},
        "cancelSubscriptions": {"codes": [subscription], "reason": "PRICE"},
        "changeChargeDay": {"code": subscription, "day": 15},
        "requestReactivation": {"code": subscription},
        "withdrawSubscriptionRequest": {"id": f"subscriptionRequest_{NEVER}"},
        "remindSubscriber": {"code": subscription},
        "assignSubscription": {"code": subscription, "assigneeId": who.replace("collaborator", "person")},
        "assignSubscriptions": {"codes": [subscription], "assigneeId": who.replace("collaborator", "person")},
        "setApprovalRules": {"refundsAbove": []},
        "createOpportunity": {"title": "Bulk order"},
        "moveOpportunity": opportunity | {"stepId": steps[0]["stepId"]},
        "postponeOpportunity": opportunity | noted | {"remindAt": tomorrow},
        "loseOpportunity": opportunity | noted | {"reason": "PRICE"},
        "winOpportunity": opportunity | noted,
        "cancelOpportunity": opportunity | noted,
        "mergeOpportunities": opportunity
        | {"duplicateId": f"opportunity_{NEVER}", "expectedVersionOfDuplicate": 1},
        "reopenOpportunity": opportunity,
        "editOpportunity": opportunity | {"starred": True},
        "noteOpportunity": opportunity | {"text": "Called", "mentions": []},
        "assignOpportunity": opportunity | {"assigneeId": who.replace("collaborator", "person")},
        "assignOpportunities": {
            "ids": [opportunity["id"]],
            "assigneeId": who.replace("collaborator", "person"),
        },
        "setPipeline": {"steps": [{"name": "New"}, {"name": "Offer"}]},
        "chooseNotices": {"kind": "MENTION", "channels": ["EMAIL"]},
        "markNotices": {"ids": [f"notice_{NEVER}"]},
        "createCalendarFeed": None,
        "revokeCalendarFeed": None,
        "scheduleReport": {"report": "revenue", "frequency": "WEEKLY"},
        "cancelReportSchedule": {"id": f"schedule_{NEVER}"},
        "revealBuyer": {"reference": sale["reference"], "fields": [], "reason": "A call about access"},
        "createProduct": {"name": f"Product {database.new_id()}", "reference": database.new_id()},
        "editProduct": {"id": product, "expectedVersion": 1, "name": f"Product {database.new_id()}"},
        "createOffer": {"product": product, "code": database.new_id()},
        "editOffer": {"id": f"offer_{NEVER}", "name": "Promotion", "expectedVersion": 1},
        "setOfferPrice": {"id": f"offer_{NEVER}", "price": {"amount": "10.00", "currency": "BRL"}},
        "archiveOffer": {"id": f"offer_{NEVER}"},
        "setMainOffer": {"id": f"offer_{NEVER}"},
        "setProductStatus": {"id": product, "status": "ACTIVE"},
        "createProfile": {
            "name": f"Copy {database.new_id()}",
            "source": {"profileId": at.profile("small")},
        },
        "updateProfile": {"profileId": profile},
        "deleteProfile": {"profileId": at.profile("unused"), "replacementId": profile},
        "assignProfile": {"collaboratorId": who, "profileId": at.profile("full")},
        "changeRole": {"collaboratorId": who, "role": "USER"},
        "suspendCollaborator": {"collaboratorId": at.collaborator("small")},
        "restoreCollaborator": {"collaboratorId": at.collaborator("small")},
        "setAccessDates": {"collaboratorId": who},
        "setSourceCodes": {"collaboratorId": who, "codes": []},
        "removeCollaborator": {"collaboratorId": at.collaborator("small"), "reassignTo": who},
        "leaveCentral": None,
        "enableTeams": {"idempotencyKey": database.new_id()},
        "disableTeams": {"idempotencyKey": database.new_id()},
        "setPrivacy": {"privacy": "OWN"},
        "createTeam": {"name": f"Team {database.new_id()}"},
        "renameTeam": {"teamId": team, "name": f"Team {database.new_id()}"},
        "setTeamPrivacy": {"teamId": team, "privacy": "OWN"},
        "deleteTeam": {"teamId": f"team_{NEVER}"},
        "addTeamMember": {"teamId": team, "collaboratorId": who},
        "removeTeamMember": {"teamId": team, "collaboratorId": who},
        "setTeamMembers": {"teamId": team, "memberIds": [who]},
        "setTeamLead": {"teamId": team, "collaboratorId": at.collaborator("lead"), "leads": True},
        "inviteCollaborator": invited | {"email": f"{database.new_id()}@example.com"},
        "resendInvitation": {"invitationId": invitation["id"]},
        "revokeInvitation": {"invitationId": f"invitation_{NEVER}"},
        "acceptInvitation": {"invitationId": f"invitation_{NEVER}"},
        "declineInvitation": {"invitationId": f"invitation_{NEVER}"},
        "requestPasswordReset": {"email": address},
        "resetPassword": {"token": "unknown", "password": "a password of enough characters"},
        "changePassword": {"current": "wrong", "new": "a password of enough characters"},
        "createAccessToken": {"name": "Export", "days": 1, "centralId": central, "products": [product]},
        "revokeAccessToken": {"id": f"token_{NEVER}"},
        "createWebhook": {"url": "https://93.184.215.14/hook", "productIds": [product]},
        "editWebhook": {
            "id": f"webhook_{NEVER}",
            "expectedVersion": 1,
            "url": "https://93.184.215.14/hook",
            "productIds": [product],
        },
        "setWebhookEnabled": {"id": f"webhook_{NEVER}", "enabled": False},
        "rotateWebhookSecret": {"id": f"webhook_{NEVER}"},
        "testWebhook": {"id": f"webhook_{NEVER}"},
        "redeliver": {"id": f"delivery_{NEVER}"},
        "deleteWebhook": {"id": f"webhook_{NEVER}"},
        "resendNotifications": {"reference": sale["reference"], "endpoints": [f"webhook_{webhook}"]},
        "createIntegration": {**INTEGRATION, "productIds": [product]},
        "editIntegration": {
            "id": f"integration_{NEVER}",
            "expectedVersion": 1,
            "productIds": [product],
            **INTEGRATION,
        },
        "setIntegrationEnabled": {"id": f"integration_{NEVER}", "enabled": False},
        "tryIntegration": {"id": f"integration_{NEVER}", "reference": sale["reference"]},
        "resendIntegrationDelivery": {"id": f"integrationDelivery_{NEVER}"},
        "deleteIntegration": {"id": f"integration_{NEVER}"},
        "confirmTarget": {"id": f"target_{NEVER}", "expectedVersion": 1},
        "refuseTarget": {"id": f"target_{NEVER}", "expectedVersion": 1},
        "createApiCredential": {"name": database.new_id(), "grants": ["SEARCH_SALES"], "days": 1},
        "rotateApiCredential": {"id": f"credential_{NEVER}"},
        "revokeApiCredential": {"id": f"credential_{NEVER}"},
        "signUp": {
            "email": f"up-{database.new_id()}@example.com",
            "name": "Up",
            "password": "a password of enough characters",
        },
        "verifyEmail": {"token": "unknown"},
        "resendVerification": None,
        "setName": {"name": "Other"},
        "setLocale": {"locale": "en"},
        "createAccount": {"name": "Other", "country": "BR", "currency": "BRL", "timezone": "UTC"},
        "becomeLegalEntity": {"country": "BR", "taxNumber": "11.222.333/0001-81"},
        "becomeNaturalPerson": {"idempotencyKey": database.new_id()},
        "requireTwoFactor": {"required": False},
        "setReceiptDetails": {"footer": "Thank you"},
        "setRevealOnRecord": {"enabled": True},
        "setBranding": {"brandName": "Brand"},
        "setCurrency": {"currency": "BRL"},
        "setTimezone": {"timezone": "UTC"},
        "setIntakeSecret": {"secret": "a secret of the marketplace"},
        "closeAccount": {"name": "another's"},
        "reopenAccount": {"idempotencyKey": database.new_id()},
        "setOwnerDetails": {"legalName": "Name"},
        "setBankDetails": {"holder": "Name", "number": {"iban": "DE89370400440532013000"}},
        "offerTransfer": {"collaboratorId": at.collaborator("lead")},
        "cancelTransfer": {"idempotencyKey": database.new_id()},
        "acceptTransfer": {"centralId": f"central_{NEVER}"},
        "declineTransfer": {"centralId": f"central_{NEVER}"},
        "saveTrackingPixels": {
            "product": product,
            "pixels": [{"platform": "META", "pixelId": "123456789012345"}],
            "expectedVersion": 0,
        },
        "restoreTrackingPixels": {"product": product, "version": 1, "expectedVersion": 0},
        "saveSubscriptionRules": {"renewal": [{"daysBefore": 3}], "expectedVersion": 0},
        "restoreSubscriptionRules": {"version": 1, "expectedVersion": 0},
        "saveDistribution": {
            "rules": [{"name": "All", "targets": ["SALES"], "method": "ROUND_ROBIN"}],
            "expectedVersion": 0,
        },
        "restoreDistribution": {"version": 1, "expectedVersion": 0},
        "enterCentral": {"id": central},
        "orderCentrals": {"ids": [central]},
    }


def document(name: str, values: dict[str, Any] | None) -> str:
    """The document that calls a mutation, with its input in `$input`."""
    if values is None:
        return f"mutation {{ {name} {{ errors {{ code field }} }} }}"
    kind = name[0].upper() + name[1:]
    return f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ errors {{ code field }} }} }}"
