"""SQLite's files, for the user of the server alone."""

import logging
from pathlib import Path

_BESIDE = ("", "-wal", "-shm", "-journal")
_log = logging.getLogger(__name__)


def make_private(file: Path) -> None:
    """Create a database file that only its user opens, whatever the umask, and narrow one that is wider.

    SQLite gives the files beside it the same mode. A folder that is there already stays as it is.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
    for path in (file.with_name(file.name + end) for end in _BESIDE):
        try:
            mode = path.stat().st_mode
            if mode & 0o077:
                path.chmod(mode & 0o700)
        except FileNotFoundError:
            pass
        except PermissionError:
            _log.warning("The database file can be opened by others, and its mode cannot be changed.")
