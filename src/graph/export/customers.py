"""The list of customers as a file of any length: found once, and sent as fast as the client takes it."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from operator import attrgetter
from typing import Any

from graphql import GraphQLSchema

from authz import reach
from authz.gates import ON_RECORD
from authz.viewer import Viewer
from engine.rows.select import sort_clause
from engine.scope.gates import members
from graph.export.formats import JSON_LINES, Row
from graph.export.reader import AccessEnded, Reader, cost_of, read_account
from graph.export.report_query import document_of, resolver_arguments
from graph.export.spool import Spool
from graph.kit.scalars import write_time
from graph.reports.customers import listed_customers
from models.currency import major_units, money_text
from models.masking import masked_email, masked_number
from reports.customers import Customer, all_customers
from reports.facts import SALES
from reports.report import Report

Amounts = tuple[tuple[int, str], ...]


def customer_columns(schema: GraphQLSchema, report: Report) -> list[str]:
    """The columns of a viewer's customers: what their schema shows of each."""
    return list(members(schema.type_map[report.row_name]))


async def customer_pages(
    reader: Reader,
    viewer: Viewer,
    report: Report,
    columns: Sequence[str],
    variables: dict[str, Any],
    ending: str,
) -> AsyncIterator[list[Row]]:
    """The rows of the file. They are found at once, and end early if the reader's access changes.

    Raises what an ordinary query for the list is refused with.
    """
    schema = reader.handler.engine.scopes.scoped(viewer.mask)
    document = document_of(schema._schema, report, variables, "__typename")
    found = Spool(Customer)
    async with reader.turn(viewer, cost_of(reader, viewer, document, variables)):
        await read_account(reader, viewer, document, variables)
        chosen = {"filter": None, "order": None} | resolver_arguments(schema, document, variables)
        listed, order = listed_customers(viewer, chosen["period"], chosen["filter"], chosen["order"])
        customers = all_customers(viewer, listed, sort_clause(order, reverse=False))
        async with aclosing(customers) as parts:
            await found.fill(parts, reader.note)
    return _pages(reader, viewer, report, found, _readers(viewer, columns, ending))


async def _pages(
    reader: Reader,
    viewer: Viewer,
    report: Report,
    found: Spool[Customer],
    readers: Mapping[str, Callable[[Customer], Any]],
) -> AsyncIterator[list[Row]]:
    access = _access(viewer, report)
    for customers in found.parts():
        if _access(await reader.viewer(), report) != access:
            raise AccessEnded
        yield [{column: read(customer) for column, read in readers.items()} for customer in customers]


def _access(viewer: Viewer, report: Report) -> tuple[Any, ...]:
    """What decides which customers a viewer sees, and what of them."""
    return viewer.mask, SALES.within(viewer, report.grant), reach.rows(viewer, "sales", report.grant)


def _readers(viewer: Viewer, columns: Sequence[str], ending: str) -> dict[str, Callable[[Customer], Any]]:
    """What each column has of a customer: as the API shows it, but amounts as text where cells are text."""
    amounts = _money if ending == JSON_LINES.ending else _text
    covered = viewer.mask & ON_RECORD
    special: dict[str, Callable[[Customer], Any]] = {
        "firstAt": lambda customer: write_time(customer.first_at),
        "lastAt": lambda customer: write_time(customer.last_at),
        "spent": lambda customer: amounts(customer.spent),
        "refunded": lambda customer: amounts(customer.refunded),
        "emailMasked": lambda customer: masked_email(customer.email),
        "phoneMasked": lambda customer: masked_number(customer.phone),
    }
    if covered:
        special |= {
            "email": lambda customer: masked_email(customer.email),
            "phone": lambda customer: masked_number(customer.phone),
            "document": lambda customer: masked_number(customer.document),
        }
    return {column: special.get(column) or attrgetter(column) for column in columns}


def _money(amounts: Amounts) -> list[dict[str, str]]:
    return [{"amount": major_units(minor, currency), "currency": currency} for minor, currency in amounts]


def _text(amounts: Amounts) -> str:
    return "; ".join(money_text(minor, currency) for minor, currency in amounts)
