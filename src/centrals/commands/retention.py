"""The command `centrals prune`."""

import click

from centrals.commands.output import result, with_json
from centrals.commands.terminal import settings_of_environment, with_database


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would be removed.")
@with_json
def prune(dry_run: bool, as_json: bool) -> None:
    """Remove data that is no longer needed, as a running server does every 15 minutes.

    RETAIN_INTAKE_DAYS, RETAIN_MAIL_DAYS and RETAIN_SESSION_DAYS say for how long it is stored. Logs and
    sales are never removed.
    """
    from centrals.retention.prune import prunable
    from centrals.retention.prune import prune as remove

    settings = settings_of_environment()
    if dry_run:
        counts = with_database(lambda: prunable(settings.retention))
        verb = "would be removed"
    else:
        removed = with_database(lambda: remove(settings.database_url, settings.retention))
        if removed is None:
            raise click.ClickException("Another process is removing data now.")
        counts, verb = removed, "removed"
    lines = [f"{count} {table.replace('_', ' ')} {verb}" for table, count in counts.items()]
    result(as_json, "\n".join(lines) or f"nothing {verb}", {"removed": counts, "dryRun": dry_run})
