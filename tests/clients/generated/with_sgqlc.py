"""The types that sgqlc makes of what a credential opens, in use; what they get is printed as JSON."""

import json
import sys

sys.path.insert(0, ".")
from own import Mutation, Query
from sgqlc.endpoint.http import HTTPEndpoint
from sgqlc.operation import Operation

url, token, central = sys.argv[1:]
send = HTTPEndpoint(url, {"Authorization": f"Bearer {token}", "X-Central": central})


def page(after=None):
    operation = Operation(Query)
    sales = operation.account.sales(first=2, after=after)
    sales.nodes.reference()
    sales.page_info.__fields__("has_next_page", "end_cursor")
    return (operation + send(operation)).account.sales


def rename(name):
    operation = Operation(Mutation)
    payload = operation.set_name(input={"name": name})
    payload.viewer.name()
    payload.errors.__fields__("code", "field")
    return (operation + send(operation)).set_name


first = page()
second = page(first.page_info.end_cursor)
refused, renamed = rename(""), rename("sgqlc")
marked = send("{ account { name taxNumber @whenGranted } }")["data"]["account"]
found = {
    "first": [sale.reference for sale in first.nodes],
    "second": [sale.reference for sale in second.nodes],
    "hidden": "tax_number" in dir(Operation(Query).account),
    "marked": marked,
    "refused": [[error.code, error.field] for error in refused.errors],
    "renamed": renamed.viewer.name,
}
print(json.dumps(found))
