"""What an e-mail with notices names: what its recipient can see at the moment when it is sent."""

from html import escape
from typing import Any

import msgspec

from actions.kit.email import DOCUMENT_HTML, DOCUMENT_TEXT
from actions.notices.emails import LINES, MORE
from authz.identity import NoSuchCentral, person_in
from authz.notices import notices
from authz.refusal import Unauthenticated
from models import database
from models.recovery.title import title_text
from models.statement import Statement
from models.tables.notice import NoticeKind

MOST_LINES = 50


class Digest(msgspec.Struct, frozen=True):
    """What the clock posted about an e-mail with notices."""

    digest_id: str
    account_id: str


async def digest_parts(digest: Digest, email: str, locale: str) -> dict[str, str] | None:
    """The data that the e-mail needs besides. None: there is nothing that it may name, so it is not sent."""
    try:
        viewer = await person_in(email, digest.account_id)
    except (Unauthenticated, NoSuchCentral):
        return None
    if viewer.central is None or viewer.central.closed:
        return None
    within = notices(viewer)
    rows = await database.read(
        Statement(
            f"SELECT r.kind, COALESCE(s.reference, u.code, {title_text('o', 'p')}) AS title"
            " FROM notices r"
            " LEFT JOIN sales s ON s.account_id = r.account_id AND s.id = r.sale_id"
            " LEFT JOIN subscriptions u ON u.account_id = r.account_id AND u.id = r.subscription_id"
            " LEFT JOIN opportunities o ON o.account_id = r.account_id AND o.id = r.opportunity_id"
            " LEFT JOIN products p ON p.account_id = o.account_id AND p.id = o.product_id"
            " WHERE r.digest_id = ? AND ",
            (digest.digest_id,),
        )
        + within.where("r")
        + f" ORDER BY r.at, r.id LIMIT {MOST_LINES + 1}"
    )
    return _written(rows, locale) if rows else None


def _written(rows: Any, locale: str) -> dict[str, str]:
    lines, html = [], []
    for row in rows[:MOST_LINES]:
        line = LINES[NoticeKind(row["kind"])].get(locale) or LINES[NoticeKind(row["kind"])]["en"]
        title = " ".join(str(row["title"]).split())
        lines.append(f"- {line.format(title=title)}")
        html.append(f"<li>{escape(line).format(title=f'<bdi>{escape(title)}</bdi>')}</li>")
    more = MORE.get(locale, MORE["en"]) if len(rows) > MOST_LINES else None
    tail = f"\n<p>{escape(more)}</p>" if more else ""
    return {
        DOCUMENT_TEXT: "\n".join(lines) + (f"\n\n{more}" if more else ""),
        DOCUMENT_HTML: f"<ul>{''.join(html)}</ul>{tail}",
    }
