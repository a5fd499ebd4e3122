"""Spark on a real small cluster: the answers of the embedded engine, and nothing left behind.

All tests of Spark are in this file, so that one process holds the one session there can be.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from tests.ledger import spark, suite
from tests.ledger.spark import Standalone, standalone

from truceline.archive.seal import SIDECAR
from truceline.domain.detection import Columns, Files, Table
from truceline.domain.heat_table import HEAT_COLUMNS
from truceline.errors import BadInput, EngineRefused, MissingExtra
from truceline.ledger import cluster as module
from truceline.ledger.cluster import Cluster
from truceline.ledger.embedded import Engine
from truceline.pipeline import update
from truceline.pipeline.run import assess_case
from truceline.pipeline.write import write_dossier
from truceline.settings import Settings
from truceline.sources.casefile import read_case

MEMORY = "700MB"

pytestmark = [
    # Python talks to its Java process by TCP, on loopback alone.
    pytest.mark.allow_hosts(["127.0.0.1"]),
    # Python 3.12 and later say so of any process with threads that starts another.
    pytest.mark.filterwarnings("ignore:This process:DeprecationWarning"),
]

on_a_cluster = pytest.mark.cluster


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standalone]:
    if why := spark.missing():
        pytest.skip(why)
    with standalone(tmp_path_factory.mktemp("spark")) as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shared [1] {a,b} 100%20 ü?*")


@pytest.fixture(scope="module")
def cluster(machines: Standalone, shared: Path) -> Iterator[Cluster]:
    with Cluster(machines.master, MEMORY, shared) as opened:
        yield opened


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine("400MB", 2) as opened:
        yield opened


def numbers(**columns: list[int]) -> Columns:
    return {name: np.array(values, dtype=np.int64) for name, values in columns.items()}


def until(reached: Callable[[], bool], within_s: float = 60.0) -> None:
    end = time.monotonic() + within_s
    while not reached():
        assert time.monotonic() < end, "it does not come to that"
        time.sleep(0.05)


# --- losing a worker --------------------------------------------------------------------------
# These come first: the session of the others lasts to their end, and there can be one at a time.

LONG = """
SELECT MOD(a.k + b.k, 97) AS g, CAST(SUM(MOD(a.v * b.v, 1009)) AS BIGINT) AS s
FROM t AS a CROSS JOIN t AS b
GROUP BY MOD(a.k + b.k, 97)
ORDER BY g
"""


def long_tables(folder: Path, engine: Engine) -> Mapping[str, Table]:
    """A table in many files, so that each worker has a part of the work."""
    draw = np.random.default_rng(1)
    paths = tuple(folder / f"part {i}.parquet" for i in range(8))
    for path in paths:
        table = {"k": draw.integers(0, 10**6, 1_500), "v": draw.integers(0, 10**6, 1_500)}
        engine.write("SELECT k, v FROM t ORDER BY k, v", {"t": table}, path)
    return {"t": Files(paths, {"k": "BIGINT", "v": "BIGINT"})}


@on_a_cluster
@pytest.mark.slow
def test_a_worker_that_is_lost_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    if why := spark.missing():
        pytest.skip(why)
    tables = long_tables(tmp_path, engine)
    known = {name: values.tolist() for name, values in engine.ask(LONG, tables).items()}
    with (
        standalone(tmp_path) as machines,
        Cluster(machines.master, MEMORY, tmp_path) as cluster,
        ThreadPoolExecutor(1) as thread,
    ):
        asked = thread.submit(cluster.ask, LONG, tables)
        tracker = cluster._spark.sparkContext.statusTracker()

        def both_work() -> bool:
            stages = map(tracker.getStageInfo, tracker.getActiveStageIds())
            return any(stage and stage.numActiveTasks == 2 for stage in stages)

        until(both_work)
        time.sleep(1)
        assert not asked.done()
        machines.workers[0].kill()
        found = asked.result()
        assert cluster._spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() == 2
    assert {name: values.tolist() for name, values in found.items()} == known


@on_a_cluster
@pytest.mark.slow
def test_without_a_free_worker_it_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if why := spark.missing():
        pytest.skip(why)
    monkeypatch.setattr(module, "WORKERS_WITHIN_S", 3.0)
    with standalone(tmp_path, n_workers=1) as machines:
        with pytest.raises(EngineRefused, match="no worker took up work") as caught:
            Cluster(machines.master, "64GB", tmp_path)
        assert "64GB" in caught.value.expected
        with Cluster(machines.master, MEMORY, tmp_path) as again:
            assert again.ask("SELECT 1 AS a", {})["a"].tolist() == [1]


# --- one suite, two engines -------------------------------------------------------------------


def test_every_query_is_in_the_suite() -> None:
    stages = ("detect", "fuse", "assess")
    there = {
        path.relative_to(suite.PACKAGE).as_posix()
        for stage in stages
        for path in (suite.PACKAGE / stage).rglob("*.sql")
    }
    assert set(suite.QUESTIONS) == there


@pytest.mark.parametrize("name", suite.QUESTIONS)
def test_the_suite_asks_for_something(name: str, engine: Engine) -> None:
    _, rows = suite.QUESTIONS[name](1).rows(engine.ask)
    assert len(rows) > 20


@on_a_cluster
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", suite.QUESTIONS)
def test_both_engines_answer_alike(name: str, seed: int, engine: Engine, cluster: Cluster) -> None:
    question = suite.QUESTIONS[name](seed)
    assert question.rows(cluster.ask) == question.rows(engine.ask)


@on_a_cluster
@pytest.mark.parametrize("n_files", [0, 1, 3])
def test_tables_in_files_are_answered_alike(
    n_files: int, engine: Engine, cluster: Cluster, shared: Path
) -> None:
    """Also where the names of folders and files hold letters that Spark takes for patterns."""
    question = suite.QUESTIONS["detect/near.sql"](3)
    paths = [shared / f"heat {i} [x]*?.parquet" for i in range(n_files)]
    kinds = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in HEAT_COLUMNS.items())
    for i, path in enumerate(paths):
        part = f"SELECT {kinds} FROM heat WHERE MOD(line, {n_files}) = {i} ORDER BY line"
        engine.write(part, {"heat": question.tables["heat"]}, path)
    tables = {**question.tables, "heat": Files(tuple(paths), HEAT_COLUMNS)}
    asked = suite.Question(question.sql, tables)
    names, rows = asked.rows(cluster.ask)
    assert (names, rows) == asked.rows(engine.ask)
    assert bool(rows) == bool(n_files)


# --- the contract of an answer ----------------------------------------------------------------


@on_a_cluster
def test_types_of_an_answer_are_the_promised_ones(engine: Engine, cluster: Cluster) -> None:
    table = {
        "small": np.array([1, -2], dtype=np.int16),
        "wide": np.array([2**62, -(2**62)]),
        "share": np.array([0.1, -1e300]),
        "single": np.array([0.5, 0.25], dtype=np.float32),
        "yes": np.array([True, False]),
        "fixed": np.array(["a", "ü'\n"]),
        "words": np.array(["", "%"], dtype=object),
    }
    sql = "SELECT small, wide, share, single, yes, fixed, words FROM t ORDER BY small"
    for tables in ({"t": table}, {"t": {name: values[:0] for name, values in table.items()}}):
        found, known = cluster.ask(sql, tables), engine.ask(sql, tables)
        assert list(found) == list(known) == list(table)
        for name, values in found.items():
            assert values.dtype.kind == {"share": "f", "single": "f"}.get(
                name, "O" if name in ("fixed", "words") else "i"
            )
            assert values.tolist() == known[name].tolist()


@on_a_cluster
def test_an_order_over_many_parts_is_kept(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(1)
    table = {"k": draw.permutation(1_000_000), "v": draw.integers(0, 2**60, 1_000_000)}
    n_parts = []
    read = Cluster._read

    def looked_at(self: Cluster, sql: str, answer: Path, n_rows: int) -> Columns:
        n_parts.append(len(list(answer.glob("part-*.parquet"))))
        return read(self, sql, answer, n_rows)

    monkeypatch.setattr(Cluster, "_read", looked_at)
    found = cluster.ask("SELECT k, v FROM t ORDER BY k DESC", {"t": table})
    order = np.argsort(-table["k"])
    assert np.array_equal(found["k"], table["k"][order])
    assert np.array_equal(found["v"], table["v"][order])
    assert n_parts[0] > 1


@on_a_cluster
@pytest.mark.parametrize(
    ("parts", "n_rows"),
    [
        ([[0, 1], [2]], 4),  # a part that this machine does not see
        ([], 1),
        ([[2, 3], [0, 1]], 4),  # parts out of order
    ],
)
def test_an_answer_that_is_not_whole_is_refused(
    parts: list[list[int]], n_rows: int, engine: Engine, cluster: Cluster, tmp_path: Path
) -> None:
    for i, places in enumerate(parts):
        table = {"t": numbers(place=places)}
        sql = f"SELECT place AS {module.PLACE} FROM t"
        engine.write(sql, table, tmp_path / f"part-{i:05d}.parquet")
    with pytest.raises(EngineRefused, match="rows were written") as caught:
        cluster._read("SELECT 1", tmp_path, n_rows)
    assert "all workers see" in caught.value.remedy


@on_a_cluster
def test_nothing_is_left_behind(cluster: Cluster, shared: Path) -> None:
    before = sorted(shared.rglob("*"))
    cluster.ask("SELECT a FROM t ORDER BY a", {"t": numbers(a=[1])})
    assert sorted(shared.rglob("*")) == before
    with pytest.raises(EngineRefused, match="TABLE_OR_VIEW_NOT_FOUND"):
        cluster.ask("SELECT a FROM t", {})
    made = ("spark-warehouse", "artifacts", "metastore_db", "derby.log")
    assert not [name for name in made if Path(name).exists()]


def test_what_a_killed_run_has_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = {
        f"{module._own_prefix()}{ended.pid}-a": False,
        f"{module._own_prefix()}{os.getpid()}-b": True,
        f"truceline-elsewhere-{ended.pid}-c": True,
        f"{module._own_prefix()}mine": True,
        f"{ended.pid}": True,
    }
    for name in names:
        (tmp_path / name / "ask-1").mkdir(parents=True)
    module._sweep(tmp_path)
    assert {name: (tmp_path / name).is_dir() for name in names} == names


# --- errors -----------------------------------------------------------------------------------


@on_a_cluster
@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELEC 1", "PARSE_SYNTAX_ERROR"),
        ("SELECT nonsense FROM t", "UNRESOLVED_COLUMN"),
        ("SELECT a FROM nowhere", "TABLE_OR_VIEW_NOT_FOUND"),
        ("SELECT CAST(w AS INT) AS w FROM t", "CAST_INVALID_INPUT"),
        ("SELECT a + 9223372036854775807 AS a FROM t", "ARITHMETIC_OVERFLOW"),
        ("SELECT a / 0 AS a FROM t", "DIVIDE_BY_ZERO"),
        ("SELECT CAST(NULL AS INT) AS a FROM t", "holds a NULL"),
        ("SELECT a, a FROM t", "COLUMN_ALREADY_EXISTS"),
    ],
)
def test_a_query_that_cannot_run_is_told_with_its_text(
    sql: str, why: str, cluster: Cluster, capfd: pytest.CaptureFixture[str]
) -> None:
    tables = {"t": {**numbers(a=[1]), "w": np.array(["x"])}}
    with pytest.raises(EngineRefused, match=why) as caught:
        cluster.ask(sql, tables)
    assert "\tat org.apache" not in str(caught.value)
    assert "NULL" in str(caught.value) or sql in str(caught.value)
    assert capfd.readouterr() == ("", "")


@on_a_cluster
def test_a_file_that_is_not_there_is_told(cluster: Cluster, tmp_path: Path) -> None:
    table = Files((tmp_path / "none.parquet",), {"a": "INTEGER"})
    with pytest.raises(EngineRefused, match="PATH_NOT_FOUND"):
        cluster.ask("SELECT a FROM t", {"t": table})


@on_a_cluster
@pytest.mark.parametrize("name", ["_part.parquet", ".part.parquet", "part._COPYING_"])
def test_a_file_that_spark_would_leave_out_is_refused(
    name: str, engine: Engine, cluster: Cluster, tmp_path: Path
) -> None:
    paths = (tmp_path / "part.parquet", tmp_path / name)
    for path in paths:
        engine.write("SELECT a FROM t ORDER BY a", {"t": numbers(a=[1])}, path)
    with pytest.raises(EngineRefused, match="leave out"):
        cluster.ask("SELECT a FROM t", {"t": Files(paths, {"a": "BIGINT"})})


@on_a_cluster
def test_an_interrupt_ends_the_work_and_the_session_goes_on(cluster: Cluster) -> None:
    forever = "SELECT COUNT(*) AS n FROM RANGE(3000000) a CROSS JOIN RANGE(3000000) b"
    forever += " WHERE SIN(a.id * b.id) > 2"
    tracker = cluster._spark.sparkContext.statusTracker()
    here = threading.get_ident()

    def interrupt() -> None:
        until(lambda: bool(tracker.getActiveJobsIds()))
        signal.pthread_kill(here, signal.SIGINT)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    thread = threading.Thread(target=interrupt)
    try:
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            cluster.ask(forever, {})
    finally:
        thread.join()
        signal.signal(signal.SIGINT, before)
    assert list(tracker.getActiveJobsIds()) == []
    assert cluster.ask("SELECT 1 AS a", {})["a"].tolist() == [1]


@on_a_cluster
def test_a_process_has_one_session(cluster: Cluster) -> None:
    with pytest.raises(EngineRefused, match="already"):
        Cluster("local[1]", MEMORY)


@pytest.mark.parametrize(
    "master",
    ["", "local", "local[*]", "local[0]", "yarn", "spark://", "spark://a:1,b:2", "k8s://x:1"],
)
def test_a_master_of_another_kind_is_refused(master: str) -> None:
    with pytest.raises(BadInput, match="no master of Spark"):
        Cluster(master, MEMORY)


@pytest.mark.parametrize("memory", ["much", "4g", "400MB", "-1GB"])
def test_an_amount_that_cannot_be_is_refused(memory: str) -> None:
    with pytest.raises(BadInput, match="worker"):
        Cluster("local[1]", memory)


def test_a_master_that_does_not_answer_is_told() -> None:
    with pytest.raises(EngineRefused, match="no master answers at spark://127"):
        Cluster("spark://127.0.0.1:1", MEMORY)


def test_other_machines_need_a_shared_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_own_address", lambda master: "192.0.2.1")
    with pytest.raises(BadInput, match="shared folder"):
        Cluster("spark://192.0.2.2:7077", MEMORY)


def test_a_missing_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(MissingExtra, match=r"\.\[cluster\]"):
        Cluster("local[1]", MEMORY)


def test_a_missing_java_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(MissingExtra, match="Java 17"):
        Cluster("local[1]", MEMORY)


@pytest.mark.slow
def test_a_whole_run_on_the_cluster_writes_the_same_bytes(
    cluster: Cluster, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = read_case(root / "cases" / "proof-small")

    @contextmanager
    def opened(master: str, memory: str, shared: Path | None) -> Iterator[Cluster]:
        assert (master, memory) == ("spark://as-told:7077", Settings().worker_memory)
        assert shared == tmp_path / "on-cluster" / "exchange"
        yield cluster

    monkeypatch.setattr(update, "Cluster", opened)
    address = "spark://as-told:7077"
    for name, master in (("on-cluster", address), ("embedded", None)):
        settings = Settings(cluster=master, archive=tmp_path / name)
        written = write_dossier(
            assess_case(case, settings), case.folder, tmp_path / f"out-{name}", settings
        )
        assert written.dossier["incidents"]
    for kind in ("out-{}", "{}/candidates", "{}/masks", "{}/counts", "{}/near"):
        first, second = (tmp_path / kind.format(name) for name in ("on-cluster", "embedded"))
        names = sorted(path.name for path in second.iterdir() if path.name != SIDECAR)
        assert names
        assert [n for n in names if (first / n).read_bytes() != (second / n).read_bytes()] == []
