"""The command `centrals check`."""

import asyncio

import click
import msgspec

from centrals.commands.output import result, with_json
from centrals.commands.terminal import failures
from centrals.settings import read_settings


@click.command()
@with_json
def check(as_json: bool) -> None:
    """Check the settings, the database, the migrations, the mail server, the clock and the proxy.

    Each finding is a line: ok, warning or error. Nothing is changed, and no e-mail is sent. The command exits
    with 1 if there is an error. The check of the proxy needs a running server.
    """
    from centrals.checks import Finding, Level, all_findings

    try:
        settings = read_settings(creates_key=False)
    except ValueError as error:
        found = [Finding("settings", Level.ERROR, str(error))]
    else:
        with failures(settings.database_url):
            found = asyncio.run(all_findings(settings))
    for finding in found:
        text = f"{finding.level.value:8} {finding.check:11} {finding.text}"
        result(as_json, text, msgspec.to_builtins(finding))
    if any(finding.level is Level.ERROR for finding in found):
        raise SystemExit(1)
