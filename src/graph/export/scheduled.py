"""Scheduled reports as parts of e-mails: what their recipient can see as each is sent."""

import asyncio
from html import escape
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.exceptions import HTTPException

from actions.kit.email import DOCUMENT_CHART, DOCUMENT_HTML, DOCUMENT_TEXT, UNSUBSCRIBE
from authz.gates import Standing
from authz.schedules import TABLE
from graph.export.page import written
from graph.export.reader import AccessEnded, PersonReader
from graph.export.reports import REPORT_PATH, report_table
from graph.export.unsubscribe import UNSUBSCRIBE_PATH, unsubscribe_token
from graph.export.words import word
from graph.http.handler import GraphQLHandler
from models import database
from reports.declarations import REPORTS


class Scheduled(msgspec.Struct, frozen=True):
    """What the clock posted about a scheduled report."""

    report: str
    first: str
    end: str
    schedule_id: str
    account_id: str


async def scheduled_parts(handler: GraphQLHandler, email: str, scheduled: Scheduled) -> dict[str, Any] | None:
    """The data that the e-mail needs besides. None: there is nothing that it may show, so it is not sent."""
    found = await database.read(
        f"SELECT 1 FROM {TABLE} WHERE account_id = ? AND id = ?",
        (scheduled.account_id, scheduled.schedule_id),
    )
    report = REPORTS.get(scheduled.report)
    if not found or report is None:
        return None
    reader = PersonReader(handler, email, scheduled.account_id)
    parameters = {
        "name": scheduled.report,
        "from": scheduled.first,
        "to": scheduled.end,
        "every": "WHOLE" if report.keys else "DAY",
    }
    try:
        viewer = await reader.viewer()
        table = await report_table(reader, parameters, "svg")
        rows = [row async for page in table.pages for row in page]
    except (AccessEnded, HTTPException):
        return None
    assert table.heading is not None
    if viewer.central is None or viewer.central.closed:
        return None
    parts = await asyncio.to_thread(written, table.heading, rows)
    locale, stop = table.heading.locale, word("stop!", table.heading.locale)
    leave = UNSUBSCRIBE_PATH + unsubscribe_token(handler.serving.secret_key, scheduled.schedule_id)
    public = handler.serving.public_url
    central = {"format": "html", "central": f"central_{scheduled.account_id}"}
    page = f"{REPORT_PATH}?{urlencode(parameters | central)}" if viewer.mask & Standing.ADMIN else "/graphql"
    alt = escape(parts.description)
    picture = f'<img src="cid:chart" alt="{alt}" width="560" style="max-width:100%;height:auto">'
    end = f'<p style="font-size:13px"><a href="{escape(public + leave)}">{escape(stop)}</a></p>'
    return {
        "report": word(scheduled.report, locale),
        "page": page,
        DOCUMENT_CHART: parts.chart,
        DOCUMENT_HTML: f"{picture}\n{parts.html}\n{end}",
        DOCUMENT_TEXT: f"{parts.text}\n\n{stop}: {public}{leave}",
        UNSUBSCRIBE: leave,
    }
