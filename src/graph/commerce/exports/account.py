"""The addresses of exported lists, as part of `Account`."""

from typing import TypeVar

import strawberry
from strawberry.utils.str_converters import to_snake_case

from authz.gates import AdminOnly, admin_only, gated
from authz.viewer import Viewer
from graph.commerce.exports.lists import EXPORTED
from graph.kit.export import export_field
from graph.kit.noun import AccountPart

T = TypeVar("T")


def _with_lists(cls: type[T]) -> type[T]:
    """Give a type the field of every list that can be exported."""
    for exported in EXPORTED:
        setattr(cls, to_snake_case(exported.name), export_field(exported))
    return cls


@gated(AdminOnly())
@strawberry.type
@_with_lists
class AccountExport:
    """Lists of the account as files. Each field returns the address of a file, to be requested with the same
    credential and without a central in the header."""

    viewer: strawberry.Private[Viewer]


@strawberry.type
class ExportOfAccount(AccountPart):
    """Lists as files."""

    @admin_only()
    def export(self) -> AccountExport:
        """Lists of the account as files."""
        return AccountExport(viewer=self.viewer)
