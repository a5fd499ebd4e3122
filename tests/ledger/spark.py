"""A real Spark cluster on loopback for tests: one master and some workers, each a process."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

LOOPBACK = "127.0.0.1"
UP_WITHIN_S = 60.0
DOWN_WITHIN_S = 10.0
QUICK = "-XX:TieredStopAtLevel=1"

MASTER = "org.apache.spark.deploy.master.Master"
WORKER = "org.apache.spark.deploy.worker.Worker"


@dataclass(frozen=True)
class Daemon:
    """A master or a worker with the processes that it starts, and what it says."""

    process: subprocess.Popen[bytes]
    log: Path

    def said(self, pattern: str) -> list[str]:
        return re.findall(pattern, self.log.read_text(encoding="utf-8", errors="replace"))

    def kill(self) -> None:
        """As if its machine were gone: nothing is said to anyone."""
        self._signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self._signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(DOWN_WITHIN_S)
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)


@dataclass(frozen=True)
class Standalone:
    """A running cluster: the address of its master, and its workers."""

    master: str
    workers: tuple[Daemon, ...]


def missing() -> str:
    """What a cluster needs and this machine does not have; nothing: an empty string."""
    home = os.environ.get("JAVA_HOME")
    if find_spec("pyspark") is None:
        return "pyspark is not installed: pip install -e '.[cluster]'"
    if not shutil.which(f"{home}/bin/java" if home else "java"):
        return "there is no Java on this machine"
    return ""


@contextmanager
def standalone(folder: Path, n_workers: int = 2, memory: str = "1g") -> Iterator[Standalone]:
    """A master and workers of one core each; everything that they write goes to ``folder``.

    Ports are those that the system gives.  Java compiles less than it could: tests are short.
    """
    daemons: list[Daemon] = []
    conf = folder / "conf"
    conf.mkdir()
    lines = [f"spark.{who}.extraJavaOptions {QUICK}\n" for who in ("driver", "executor")]
    (conf / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")

    def start(name: str, *words: str) -> Daemon:
        daemon = _start(
            folder, name, *words, "--host", LOOPBACK, "--port", "0", "--webui-port", "0"
        )
        daemons.append(daemon)
        return daemon

    try:
        master = start("master", MASTER)
        (url,) = _await(master, r"Starting Spark master at (spark://\S+)", 1)
        workers = []
        for i in range(n_workers):
            work = ("--work-dir", str(folder / f"work-{i}"), "--cores", "1", "--memory", memory)
            workers.append(start(f"worker-{i}", WORKER, url, *work))
        _await(master, r"Registering worker", n_workers)
        with patch.dict(os.environ, {"SPARK_CONF_DIR": str(conf)}):
            yield Standalone(url, tuple(workers))
    finally:
        for daemon in reversed(daemons):
            daemon.stop()


def _start(folder: Path, name: str, *words: str) -> Daemon:
    spec = find_spec("pyspark")
    assert spec and spec.origin
    home = Path(spec.origin).parent
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SPARK_")}
    (folder / "local").mkdir(exist_ok=True)
    settings = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
    }
    path = folder / f"{name}.log"
    with path.open("wb") as log:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), *words],
            cwd=folder,
            env=kept | settings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Daemon(process, path)


def _await(daemon: Daemon, pattern: str, n: int) -> list[str]:
    """What a daemon says, once it has said it ``n`` times."""
    until = time.monotonic() + UP_WITHIN_S
    while len(found := daemon.said(pattern)) < n:
        if daemon.process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"the cluster does not start:\n{daemon.log.read_text()[-3000:]}")
        time.sleep(0.1)
    return found
