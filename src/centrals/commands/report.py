"""The command `centrals report`: a report as a file, as a person sees it."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from centrals.commands.output import result, with_json
from centrals.commands.terminal import account_named, with_key, with_operator

if TYPE_CHECKING:
    from actions.kit.call import Call
    from graph.export.formats import Format, Table

_FORMATS = ("csv", "jsonl", "xlsx", "svg", "png", "html")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("name")
@click.option("--account", "account_id", required=True, metavar="ID", help="The account's id.")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The person whose access counts.")
@click.option("--from", "first", required=True, type=_DAY, metavar="DAY", help="The first day.")
@click.option("--to", "end", required=True, type=_DAY, metavar="DAY", help="The day after the last one.")
@click.option("--every", help="DAY, WEEK, MONTH, YEAR or WHOLE; by default, MONTH.")
@click.option("--level", help="How closely places are distinguished: COUNTRY, STATE or CITY.")
@click.option("--by", metavar="GROUP", help="Split the rows by MEMBER or TEAM.")
@click.option("--filter", "filter_", metavar="JSON", help="The filter, as the API takes it.")
@click.option("--order", metavar="JSON", help="The order, as the API takes it.")
@click.option("--top", type=click.IntRange(1, 100), help="How many keys have rows of their own.")
@click.option("--columns", metavar="A,B", help="The columns, for example product.name,gross.amount.")
@click.option("--measure", metavar="COLUMN", help="The column that a chart draws, for example net.")
@click.option("--theme", type=click.Choice(["auto", "light", "dark"]), help="The colors of a chart.")
@click.option("--format", "ending", type=click.Choice(_FORMATS), help="Defaults to the ending of FILE.")
@click.option(
    "--output",
    "file",
    required=True,
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    help="The file to write, or - for standard output.",
)
@with_json
def report(name: str, account_id: str, email: str, file: Path, as_json: bool, **options: Any) -> None:
    """Write a report to a file, with what a person can see of it.

    NAME is the report's field in the API, for example revenueByProduct. The file has the columns and figures
    of that person's grants and statistics reach. The account's log shows that the command line exported it.
    """
    ending = options.pop("ending") or file.suffix.removeprefix(".") or "csv"
    if ending not in _FORMATS:
        raise click.UsageError(f"Use --format: there is no format {ending}.")
    parameters = {"name": name, **_parameters(options)}

    async def work(call: "Call") -> int:
        return await _write(call, account_id, email, parameters, ending, file)

    rows = with_operator(work)
    text = f"{rows:,} {'row' if rows == 1 else 'rows'} written to {file}"
    if str(file) != "-":
        result(as_json, text, {"rows": rows, "file": str(file)})


def _parameters(options: dict[str, Any]) -> dict[str, str]:
    """The options as parameters of the export's address."""
    days = {"from": options.pop("first"), "to": options.pop("end")}
    found = {name: day.date().isoformat() for name, day in days.items()}
    options["filter"] = options.pop("filter_")
    return found | {option: str(value) for option, value in options.items() if value is not None}


async def _write(
    call: "Call", account_id: str, email: str, parameters: dict[str, str], ending: str, file: Path
) -> int:
    from starlette.exceptions import HTTPException

    from actions.accounts.operator import within
    from actions.kit.log import log_operator
    from centrals.application import handler_of
    from graph.export.formats import FORMATS
    from graph.export.page import FORMATS as CHARTS
    from graph.export.reader import AccessEnded, PersonReader
    from graph.export.reports import report_table
    from graph.http.body import BadRequest
    from models import database
    from models.text import normalised_email

    account = await account_named(account_id)
    reader = PersonReader(
        handler_of(with_key()), normalised_email(email), str(account["id"]), partial(_count, "found")
    )
    columns = "SELECT id, name, timezone, currency FROM accounts WHERE id = ?"
    logged = within(call, (await database.read(columns, (account["id"],)))[0])
    try:
        table = await report_table(reader, parameters, ending)
        await database.transact(
            lambda: log_operator(logged, "exportReport", "Account", str(account["id"]), table.changes)
        )
        return await _save(table, {**FORMATS, **CHARTS}[ending], file)
    except AccessEnded as error:
        raise click.ClickException(f"{email} has no access to {account['name']}.") from error
    except HTTPException as error:
        message = f"There is no report {parameters['name']} that {email} can see as a file."
        raise click.ClickException(message) from error
    except BadRequest as error:
        raise click.ClickException(error.message) from error


async def _save(table: "Table", file_format: "Format", file: Path) -> int:
    """Write the rows as they come, and count them on standard error."""
    count = 0

    async def counted() -> Any:
        nonlocal count
        async for rows in table.pages:
            count += len(rows)
            _count("written", count)
            yield rows

    with click.open_file(str(file), "wb", atomic=True) as output:
        async for part in file_format.content(table._replace(pages=counted())):
            output.write(part)
    click.echo("", err=True)
    sys.stderr.flush()
    return count


def _count(what: str, rows: int) -> None:
    """Show the progress on standard error."""
    click.echo(f"\r{rows:,} rows {what}", err=True, nl=False)
