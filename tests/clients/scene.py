"""What the clients of this folder meet, and how they are run."""

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
PACKAGES, PYTHON = HERE / "node_modules", HERE / ".venv" / "bin"
needs_node = pytest.mark.skipif(
    shutil.which("node") is None or not (PACKAGES / "@genql" / "cli").is_dir(),
    reason="Node or the clients' packages are not here: make clients",
)
needs_python = pytest.mark.skipif(
    not (PYTHON / "sgqlc-codegen").exists(),
    reason="the clients' Python packages are not here: make clients",
)


@dataclass
class Scene:
    """An account with three sales that a member sees too, but not what was earned with them."""

    url: str
    account: dict[str, Any]
    owner: str  # access tokens
    member: str
    collaborator: dict[str, Any]  # the member's

    @property
    def central(self) -> str:
        """The central's id."""
        return f"central_{self.account['id']}"


async def output(command: list[Any], folder: Path, environment: dict[str, str] | None = None) -> str:
    """What a command prints; it must succeed within two minutes."""
    process = await asyncio.create_subprocess_exec(
        *map(str, command),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(120):
            out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == 0, out.decode() + errors.decode()
    return out.decode()
