"""Spark, for tables that one machine cannot hold: the same questions, the same answers.

Tables go to the workers as Parquet files in a folder that all of them see, and answers come back
the same way.  The queries are SQL alone, so that workers need Java and Spark, and no Python.
Spark is an extra.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import socket
import sys
import time
import warnings
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np

from truceline.archive.atomic import lives
from truceline.domain.detection import Answer, Columns, Files, Table
from truceline.errors import BadInput, EngineRefused, MissingExtra
from truceline.ledger.embedded import Engine

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

WORKERS_WITHIN_S = 60.0
"""A cluster on which no worker takes up work by then has none that is free or large enough."""

MASTER_WITHIN_S = 5.0
LEAST_MEMORY = 512 * 2**20
"""Spark does not start with less (bytes)."""

PLACE = "place_in_answer"
"""A column that is added to every answer, and taken away again: it grows from row to row."""

NO_PANDAS = "PySpark does not yet fully support pandas"
"""How a warning begins that means nothing here: no table is handed over through pandas."""

NO_PART = {PLACE: "BIGINT"}
LOOPBACK = "127.0.0.1"


class Cluster:
    """One session on a Spark cluster, ended on leaving its ``with`` block.

    ``master`` is ``spark://host:port``, or ``local[N]`` for N threads of this machine.
    ``memory`` is for each worker, in the notation of DuckDB; this process takes as much where it
    puts tables and answers in order.  ``shared`` is a folder that this machine and all workers
    see under one path; it may be left out where all of them are this machine.  What ended
    processes of this machine have left in it is removed.

    A process has one session at a time.  Errors: ``MissingExtra`` without pyspark or Java,
    ``BadInput`` for a master or an amount that cannot be, ``EngineRefused`` for all else.
    """

    def __init__(self, master: str, memory: str, shared: Path | None = None) -> None:
        amount, own_address = _mebibytes(memory), _own_address(master)
        if shared is None and own_address != LOOPBACK:
            raise BadInput(
                "a cluster of other machines needs a shared folder",
                expected="a folder that this machine and all workers see under one path",
            )
        if shared is not None:
            shared.mkdir(parents=True, exist_ok=True)
            _sweep(shared)
        with ExitStack() as opened:
            home = opened.enter_context(TemporaryDirectory(prefix="truceline-"))
            folder = TemporaryDirectory(prefix=f"{_own_prefix()}{os.getpid()}-", dir=shared)
            self._folder = opened.enter_context(folder)
            self._engine = opened.enter_context(Engine(memory, os.cpu_count() or 1))
            self._thread = opened.enter_context(ThreadPoolExecutor(1, "truceline-cluster"))
            conf = _settings(master, amount, own_address, home)
            self._spark = opened.enter_context(_session(conf, Path(home), self._thread))
            if master.startswith("spark:"):
                _await_worker(self._spark, memory)
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.close()

    def ask(self, sql: str, tables: Mapping[str, Table]) -> Columns:
        """Rows of one query over some tables, which are gone afterwards; see `domain.Ask`."""
        with TemporaryDirectory(prefix="ask-", dir=self._folder) as name:
            folder = Path(name)
            files = {
                name: self._ship(name, table, folder) if isinstance(table, Mapping) else table
                for name, table in tables.items()
            }
            with _told(sql):
                n_rows = self._run(sql, files, folder / "answer")
            return self._read(sql, folder / "answer", n_rows)

    def _ship(self, name: str, table: Columns, folder: Path) -> Files:
        """A table as a Parquet file for the workers; its types do not depend on its rows."""
        text = {column for column, values in table.items() if values.dtype.kind in "OU"}
        picked = (f"CAST({c} AS VARCHAR) AS {c}" if c in text else c for c in table)
        path = folder / f"{name}.parquet"
        self._engine.write(f"SELECT {', '.join(picked)} FROM {name}", {name: table}, path)
        return Files((path,), {})

    def _run(self, sql: str, files: Mapping[str, Files | Answer], answer: Path) -> int:
        """Write an answer, in a thread of its own, and tell its rows.

        An interrupt then reaches this thread at once, and ends the work of the cluster, too.
        """
        work = self._thread.submit(_write, self._spark, sql, files, answer)
        try:
            return work.result()
        except KeyboardInterrupt:
            while not work.done():
                self._spark.sparkContext.cancelAllJobs()
                wait([work], timeout=0.2)
            raise

    def _read(self, sql: str, answer: Path, n_rows: int) -> Columns:
        """The rows that Spark has written, in its order; where a part is missing, none."""
        parts = tuple(sorted(answer.glob("part-*.parquet")))
        found = dict(self._engine.ask("SELECT * FROM answer", {"answer": Files(parts, NO_PART)}))
        place = found.pop(PLACE)
        if len(place) != n_rows or (np.diff(place) <= 0).any():
            raise EngineRefused(
                f"{n_rows} rows were written, and {len(place)} are read in order\nquery:\n{sql}",
                remedy="give a folder that this machine and all workers see under one path",
            )
        return found


def _write(spark: SparkSession, sql: str, files: Mapping[str, Files | Answer], answer: Path) -> int:
    """Rows of a query as Parquet files, one for each part of its order.

    Returns their number as the workers counted them.
    """
    from pyspark.sql import Observation
    from pyspark.sql import functions as f

    try:
        for name, table in files.items():
            made = spark.sql(table.sql) if isinstance(table, Answer) else _frame(spark, table)
            made.createOrReplaceTempView(name)
        counted = Observation()
        placed = spark.sql(sql).withColumn(PLACE, f.monotonically_increasing_id())
        placed.observe(counted, f.count(f.lit(1)).alias("n")).write.parquet(_uri(answer))
        return int(counted.get["n"])
    finally:
        for name in files:
            spark.catalog.dropTempView(name)


def _frame(spark: SparkSession, table: Files) -> DataFrame:
    for path in table.paths:
        if re.match(r"[._]|.*\._COPYING_$", path.name):
            raise EngineRefused(
                f"Spark would leave out {path} and not say so", remedy="give it another name"
            )
    if table.paths:
        frame = spark.read.parquet(*map(_pattern, table.paths))
        only = ", ".join(map(str, table.tiles))
        return frame.where(f"tile IN ({only})") if only else frame
    kinds = {name: "STRING" if kind == "VARCHAR" else kind for name, kind in table.columns.items()}
    blank = (f"CAST(NULL AS {kind}) AS {name}" for name, kind in kinds.items())
    return spark.sql(f"SELECT {', '.join(blank)} WHERE false")


def _uri(path: Path) -> str:
    return f"file://{path.absolute()}"


def _pattern(path: Path) -> str:
    """A path for Spark to read, which takes some letters for patterns.

    >>> _pattern(Path("/heat/2031-[04].parquet"))
    'file:///heat/2031-\\\\[04\\\\].parquet'
    """
    return re.sub(r"([\\*?{}\[\]])", r"\\\1", _uri(path))


@contextmanager
def _told(sql: str) -> Iterator[None]:
    """Errors of Spark as ours."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        raise EngineRefused(f"{_short(error)}\nquery:\n{sql}") from error


def _own_prefix() -> str:
    """How folders of this machine in a shared one begin; the number of the process follows."""
    return f"truceline-{re.sub(r'[^A-Za-z0-9.]', '.', socket.gethostname())}-"


def _sweep(shared: Path) -> None:
    """Remove what processes of this machine that have ended have left in a shared folder."""
    for path in shared.glob(f"{_own_prefix()}*"):
        number = re.match(r"\d+(?=-)", path.name.removeprefix(_own_prefix()))
        if number and not lives(int(number[0])):
            shutil.rmtree(path, ignore_errors=True)


# --- session -----------------------------------------------------------------------------------


def _mebibytes(memory: str) -> int:
    """An amount in DuckDB's notation in MiB, rounded down.

    >>> _mebibytes("2GB"), _mebibytes("1.5 GiB")
    (1907, 1536)
    """
    said = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT])(i?)B", memory)
    if not said:
        raise BadInput(f"the memory of workers is {memory!r}", expected="an amount such as 4GB")
    size = (1024 if said[3] else 1000) ** (1 + "KMGT".index(said[2]))
    amount = float(said[1]) * size
    if amount < LEAST_MEMORY:
        raise BadInput(
            f"{memory} for each worker is too little", expected="at least 512MiB, better 2GB"
        )
    return int(amount // 2**20)


def _own_address(master: str) -> str:
    """The address of this machine that workers can reach: the one that reaches their master."""
    if re.fullmatch(r"local\[[1-9]\d{0,3}\]", master):
        return LOOPBACK
    said = re.fullmatch(r"spark://([A-Za-z0-9.-]+):(\d{1,5})", master)
    if not said or int(said[2]) > 65_535:
        raise BadInput(
            f"{master!r} is no master of Spark", expected="spark://host:port, or local[2]"
        )
    try:
        with socket.create_connection((said[1], int(said[2])), MASTER_WITHIN_S) as there:
            return str(there.getsockname()[0])
    except OSError as error:
        raise EngineRefused(
            f"no master answers at {master}: {error}",
            remedy="start it, or correct the address; see docs/cluster.md",
        ) from error


def _settings(master: str, mebibytes: int, own_address: str, home: str) -> dict[str, str]:
    """Settings of a session; those of ``spark-defaults.conf`` hold where none is given here."""
    whose = "executor" if master.startswith("spark:") else "driver"
    return {
        "spark.app.name": "truceline",
        "spark.master": master,
        f"spark.{whose}.memory": f"{mebibytes}m",
        "spark.driver.host": own_address,
        "spark.driver.bindAddress": own_address,
        "spark.local.dir": home,
        "spark.log.level": "ERROR",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": home,
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


@contextmanager
def _session(
    settings: Mapping[str, str], home: Path, thread: ThreadPoolExecutor
) -> Iterator[SparkSession]:
    """A session in a Java process of its own, which ends with it.

    What Java says goes to a file, and is told only if the session does not start.  It starts in
    a thread, since Spark answers interrupts in its own way where it starts in the main one.
    """
    try:
        from py4j.protocol import Py4JError
        from pyspark import SparkConf, SparkContext
        from pyspark.errors import PySparkException
        from pyspark.java_gateway import launch_gateway
        from pyspark.logger import PySparkLogger
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra(
            f"there is no Spark here: {error}",
            expected="pyspark",
            remedy="in the checkout: pip install -e '.[cluster]'",
        ) from error
    _need_java()
    if SparkContext._active_spark_context or SparkContext._gateway:
        raise EngineRefused("this process has a session of Spark already", remedy="end that one")
    warnings.filterwarnings("ignore", NO_PANDAS, FutureWarning)
    PySparkLogger.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL)
    conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
    with ExitStack() as opened:
        log = opened.enter_context((home / "java.log").open("w+", encoding="utf-8"))
        opened.callback(sys.path.__setitem__, slice(None), list(sys.path))  # Spark adds to it
        try:
            gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
            opened.callback(_end_java, gateway)
            context = thread.submit(SparkContext, conf=conf, gateway=gateway).result()
            opened.callback(context.stop)
            spark = SparkSession(context)
        except (Py4JError, PySparkException) as error:
            raise EngineRefused(
                f"Spark does not start: {_short(error)}\n{_last_words(log)}",
                expected="Java 17 and, at the master, the same Spark and the same secret",
                remedy="see docs/cluster.md",
            ) from error
        yield spark


def _last_words(log: IO[str]) -> str:
    """The end of what Java said, without its stacks."""
    log.seek(0)
    return "".join([line for line in log if line[:1] not in ("\t", " ", "\n")][-8:]).strip()


def _end_java(gateway: Any) -> None:
    """End a Java process, which ends when its input does, and forget it."""
    from pyspark import SparkContext

    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(f"{home}/bin/java" if home else "java"):
        raise MissingExtra(
            f"there is no Java {'in JAVA_HOME, ' + home if home else 'on the path'}",
            expected="Java 17",
            remedy="install it; on Debian and Ubuntu: apt-get install openjdk-17-jre-headless",
        )


def _await_worker(spark: SparkSession, memory: str) -> None:
    """Spark itself would wait for ever."""
    until = time.monotonic() + WORKERS_WITHIN_S
    while spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 2:  # one is this process
        if time.monotonic() > until:
            raise EngineRefused(
                f"no worker took up work within {WORKERS_WITHIN_S:.0f} s",
                expected=f"a worker of the same Spark with a free core and {memory} of free memory",
                remedy="start one, free one, or ask for less memory",
            )
        time.sleep(0.1)


_STACK = re.compile(r"\n\s+at |\n\nJVM stacktrace|\n+Driver stacktrace|\nThis stopped SparkContext")


def _short(error: Exception) -> str:
    """What Spark says, without the stack of Java."""
    java = getattr(error, "java_exception", None)
    text = str(java.toString() if java is not None else error)
    return _STACK.split(text)[0].strip()
