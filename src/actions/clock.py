"""Every job of the clock: the nouns declare them."""

from actions.commerce.distribution import clock as distribution
from actions.commerce.opportunities import clock as opportunities
from actions.commerce.refunds import clock as refunds
from actions.commerce.sales import clock as sales
from actions.commerce.subscriptions import clock as subscriptions
from actions.commerce.withdrawals import clock as withdrawals
from actions.kit.clock import Job
from actions.notices import clock as notices
from actions.schedules import clock as schedules

JOBS: tuple[Job, ...] = (
    *sales.JOBS,
    *refunds.JOBS,
    *subscriptions.JOBS,
    *opportunities.JOBS,
    *distribution.JOBS,
    *withdrawals.JOBS,
    *schedules.JOBS,
    *notices.JOBS,
)
