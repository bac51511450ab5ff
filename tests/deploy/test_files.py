"""The files for deployment name what there is: settings, commands, ports and the server's own limits."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from centrals import server
from centrals.command import main
from centrals.environment import VARIABLES, unknown_variables
from graph.kit.context import Serving
from intake.endpoint.route import LARGEST_BODY

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = (ROOT / "compose.yaml").read_text()
NGINX = (DEPLOY / "nginx.conf").read_text()
CADDY = (DEPLOY / "Caddyfile").read_text()
SETTINGS = {*VARIABLES, *(f"{name}_FILE" for name in VARIABLES)}
OF_PROGRAMS = {"PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
IMAGES = {"python:3.13-slim", "postgres:17"}


def parsed(words: list[str]) -> click.Command:
    """The command that words name; a word or an option that there is not raises `UsageError`."""
    command: click.Command = main
    context = main.make_context("centrals", list(words), resilient_parsing=True)
    while isinstance(command, click.Group):
        name, command, words = command.resolve_command(context, words)  # type: ignore[assignment]
        context = command.make_context(name, list(words), parent=context)
    return command


def image_commands() -> list[list[str]]:
    entry, command = (
        re.findall(r'"([^"]+)"', re.search(rf"^{name} (.*)$", DOCKERFILE, re.MULTILINE)[1])  # type: ignore[index]
        for name in ("ENTRYPOINT", "CMD")
    )
    return [[*entry, *command]]


def unit_commands() -> list[list[str]]:
    lines = [line for unit in UNITS for line in unit.read_text().splitlines() if line.startswith("Exec")]
    return [shlex.split(line.partition("=")[2]) for line in lines]


def test_their_commands_are_those_of_the_command_line() -> None:
    commands = [*image_commands(), *unit_commands()]

    assert [parsed(words[1:]).name for words in commands] == ["serve", "backup", "serve"]
    assert {Path(words[0]).name for words in commands} == {"centrals"}
    with pytest.raises(click.UsageError):
        parsed(["backup", "--overwritten", "file"])


def test_their_variables_are_settings() -> None:
    block = re.search(r"^ENV (.*?)(?=^[A-Z]+ )", DOCKERFILE, re.MULTILINE | re.DOTALL)
    service = re.search(r"^  centrals:$(.*?)^  database:$", COMPOSE, re.MULTILINE | re.DOTALL)
    assert block
    assert service
    image = set(re.findall(r"([A-Z_]+)=", block[1]))
    composed = set(re.findall(r"^ +([A-Z_]+): ", service[1], re.MULTILINE))
    units = {
        name for unit in UNITS for name in re.findall(r"^Environment=([A-Z_]+)=", unit.read_text(), re.M)
    }
    comments = set(re.findall(r"\b([A-Z]+(?:_[A-Z]+)+)\b", re.sub(r"ssl\w*", "", NGINX + CADDY)))

    assert len(composed) >= 5
    for names in (image - OF_PROGRAMS, composed, units, comments):
        assert names
        assert names <= SETTINGS
        assert not list(unknown_variables(dict.fromkeys(names, "1")))


def test_they_agree_on_the_port() -> None:
    assert re.findall(r"^EXPOSE (\d+)$", DOCKERFILE, re.MULTILINE) == ["8000"]
    assert re.findall(r"PORT=(\d+)", DOCKERFILE) == ["8000"]
    assert "127.0.0.1:8000/readyz" in DOCKERFILE
    assert '"127.0.0.1:8000:8000"' in COMPOSE
    assert re.findall(r"^    server ([\d.:]+);", NGINX, re.MULTILINE) == ["127.0.0.1:8000"]
    assert "reverse_proxy 127.0.0.1:8000 {" in CADDY


def test_the_proxies_limits_are_the_servers() -> None:
    def seconds(name: str) -> float:
        return float(re.search(rf"^    {name} (\d+)s;", NGINX, re.MULTILINE)[1])  # type: ignore[index]

    body = int(re.search(r"client_max_body_size (\d+)m;", NGINX)[1]) * 1024**2  # type: ignore[index]
    count, size = map(int, re.search(r"large_client_header_buffers (\d+) (\d+)k;", NGINX).groups())  # type: ignore[union-attr]
    assert body == max(LARGEST_BODY, Serving(b"", b"", "").body_bytes)
    assert "max_size 1MiB" in CADDY
    assert count * size * 1024 == server.HEADER_BYTES
    assert "max_header_size 64KB" in CADDY
    assert seconds("client_header_timeout") == server.HEADER_SECONDS
    assert seconds("client_body_timeout") == server.BODY_SECONDS
    assert seconds("send_timeout") == server.SEND_SECONDS
    assert seconds("proxy_read_timeout") > 20  # REQUEST_SECONDS
    assert f"limit_conn centrals_address {server.CONNECTIONS_OF_ADDRESS};" in NGINX


def test_the_container_has_no_privileges_and_downloads_nothing_but_packages() -> None:
    user = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    images = set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)) | set(
        re.findall(r"image: (\S+)", COMPOSE)
    )

    assert user == ["10001"]
    assert images == IMAGES
    assert not re.search(r"\b(curl|wget|ADD|git clone)\b|https?://(?!127\.0\.0\.1)", DOCKERFILE)
    assert "--require-hashes" in DOCKERFILE
    for line in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert line in COMPOSE
    assert not re.search(r"(PASSWORD|SECRET_KEY): \S", COMPOSE)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_accepts_the_units_and_finds_them_closed(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text().replace("/opt/centrals/.venv/bin/centrals", "/bin/true"))
    shutil.copy(DEPLOY / "centrals-backup.timer", tmp_path)

    verified = subprocess.run(
        ["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False, timeout=60
    )
    judged = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=35", copy],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    open_unit = tmp_path / "open.service"
    open_unit.write_text("[Service]\nExecStart=/bin/true\nNoSuchSetting=1\n")
    refused = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=35", open_unit],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert (verified.returncode, verified.stderr) == (0, "")
    assert judged.returncode == 0, judged.stdout[-300:]
    assert refused.returncode == 1


@pytest.mark.skipif(shutil.which("caddy") is None, reason="Caddy is not installed")
def test_caddy_accepts_its_file(tmp_path: Path) -> None:
    done = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        capture_output=True, text=True, check=False, timeout=60, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr[-500:]
