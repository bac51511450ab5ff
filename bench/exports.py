"""Files of any length from a server in a process of its own: how fast, and with how much memory."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench.make_data import ACCOUNT, token
from bench.seal import SECRET

_PERIOD = "from=2020-01-01&to=2030-01-01"
FILES = {
    "sales, CSV": "/export/rows?list=sales&format=csv",
    "sales, five columns, JSON lines": "/export/rows?list=sales&format=jsonl"
    "&columns=reference,status,price.amount,price.currency,buyer.email",
    "sales, XLSX": "/export/rows?list=sales&format=xlsx",
    "customers, CSV": f"/export/report?name=customers&format=csv&{_PERIOD}",
    "customers, JSON lines": f"/export/report?name=customers&format=jsonl&{_PERIOD}",
    "customers, XLSX": f"/export/report?name=customers&format=xlsx&{_PERIOD}",
    "revenue by product and day, CSV": "/export/report?name=revenueByProduct&format=csv&every=DAY"
    "&from=2025-05-01&to=2026-05-01",
}
"""What is exported, and by which address."""


@dataclass
class _Server:
    process: "subprocess.Popen[bytes]"
    port: int

    def megabytes(self, name: str) -> float:
        """What it has in memory now (`VmRSS`) or had at most since it was reset (`VmHWM`)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.split(f"{name}:")[1].split()[0]) / 1024

    def reset(self) -> None:
        """Let its largest memory be that of now."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def cpu(self) -> float:
        """The seconds of CPU that it took."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def _served(url: str) -> Iterator[_Server]:
    with socket.socket() as probe, tempfile.TemporaryDirectory() as folder:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": url, "PORT": str(port)}
        environment |= {"SECRET_KEY": SECRET.decode(), "LOG_LEVEL": "error", "COST_PER_MINUTE": "2000000000"}
        command = [sys.executable, "-c", "from centrals.command import main; main()", "serve"]
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL)
        try:
            for _ in range(600):
                with contextlib.suppress(httpx.HTTPError):
                    if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                        break
                time.sleep(0.1)
            yield _Server(process, port)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def stream(url: str, only: str) -> None:
    """Print for each file its rows, megabytes, seconds, and the server's memory before and at most."""
    print("| file | rows | MB | seconds | CPU s | first byte s | RSS before | RSS at most |")
    print("| --- " + "| ---: " * 7 + "|", flush=True)
    with _served(url) as server, httpx.Client(timeout=600) as client:
        for name, address in FILES.items():
            if only in name:
                print(_line(server, client, name, address), flush=True)


def _line(server: _Server, client: httpx.Client, name: str, address: str) -> str:
    where = f"http://127.0.0.1:{server.port}{address}&central=central_{ACCOUNT}"
    server.reset()
    before, cpu, started = server.megabytes("VmRSS"), server.cpu(), time.perf_counter()
    size, lines, first = 0, 0, 0.0
    with client.stream("GET", where, headers={"authorization": f"Bearer {token('p0')}"}) as response:
        if response.status_code != 200:
            raise RuntimeError(response.read())
        for part in response.iter_raw(1 << 16):
            first = first or time.perf_counter() - started
            size, lines = size + len(part), lines + part.count(b"\n")
    spent = time.perf_counter() - started
    most = server.megabytes("VmHWM")
    rows = "–" if "XLSX" in name else f"{lines - ('CSV' in name):,}"
    figures = f"{rows} | {size / 1e6:,.1f} | {spent:,.1f} | {server.cpu() - cpu:,.1f} | {first:.2f}"
    return f"| {name} | {figures} | {before:,.0f} | {most:,.0f} |"
