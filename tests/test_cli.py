"""The commands as a newcomer types them: output, exit codes, and what is left on disk."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import PROGRAM, truceline
from truceline import cli
from truceline.archive import seal

CASE = "energy-moratorium-2025"


@pytest.fixture(scope="module")
def home(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the real case and a dossier of it."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(root / "cases" / CASE, home / CASE)
    toml = home / CASE / "case.toml"  # what is said of change has tests of its own
    toml.write_text(toml.read_text(encoding="utf-8").split("[[series]]")[0], encoding="utf-8")
    made = truceline("run", CASE, "--out", "out", cwd=home)
    assert made.returncode == 0, made.stderr
    (home / "said.txt").write_text(made.stdout, encoding="utf-8")
    return home


@pytest.fixture
def copy(home: Path, tmp_path: Path) -> Path:
    """The same, to be spoiled."""
    shutil.copytree(home, tmp_path / "home")
    return tmp_path / "home"


def digest(home: Path) -> str:
    return (home / "said.txt").read_text(encoding="utf-8").split()[-1]


def test_run_prints_the_matrix_where_to_look_and_the_digest(home: Path) -> None:
    said = (home / "said.txt").read_text(encoding="utf-8")
    for words in ("Reading kremlin", "Reading kyiv", "Reading white-house", "dossier.html"):
        assert words in said
    assert len(digest(home)) == 64


def test_a_dossier_verifies_and_says_so_item_by_item(home: Path) -> None:
    done = truceline("verify", "out", "--digest", digest(home), cwd=home)
    assert done.returncode == 0
    assert all(line.startswith("OK: ") for line in done.stdout.splitlines())
    assert "OK: input data/moratorium-2025/claims.csv" in done.stdout


def test_a_quiet_verify_prints_what_is_wrong_and_a_sum(copy: Path) -> None:
    good = truceline("verify", "out", "--quiet", cwd=copy)
    assert good.returncode == 0 and len(good.stdout.splitlines()) == 1
    change_a_byte(copy / "out" / "dossier.json")
    bad = truceline("verify", "out", "--quiet", cwd=copy)
    assert bad.returncode == 1 and "FAIL: dossier.json" in bad.stdout


def change_a_byte(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(bytes(raw))


def files_of(home: Path) -> list[str]:
    outputs = [p.name for p in sorted((home / "out").iterdir())]
    return [f"out/{n}" for n in outputs if n not in ("manifest.json", "case-folder.local")]


def test_one_changed_byte_in_any_file_is_named(copy: Path) -> None:
    manifest = json.loads((copy / "out" / "manifest.json").read_text(encoding="utf-8"))
    inputs = [f"{CASE}/{item['path']}" for item in manifest["inputs"]]
    assert len(inputs) > 40 and len(files_of(copy)) == 11
    for name in (*files_of(copy), *inputs):
        path = copy / name
        kept = path.read_bytes()
        if not kept:
            continue
        change_a_byte(path)
        items = seal.verify(copy / "out")
        path.write_bytes(kept)
        failed = [item for item in items if item.status != "OK"]
        assert len(failed) == 1 and name.split("/", 1)[1] in failed[0].what, name
        assert seal.exit_code(items) == 1
    assert seal.exit_code(seal.verify(copy / "out")) == 0


def test_a_remade_manifest_fails_its_digest(copy: Path) -> None:
    path = copy / "out" / "dossier.html"
    path.write_text(path.read_text(encoding="utf-8") + "<!-- -->", encoding="utf-8")
    import hashlib

    manifest = copy / "out" / "manifest.json"
    content = json.loads(manifest.read_text(encoding="utf-8"))
    for item in content["outputs"]:
        if item["path"] == "dossier.html":
            raw = path.read_bytes()
            item["sha256"], item["bytes"] = hashlib.sha256(raw).hexdigest(), len(raw)
    manifest.write_text(json.dumps(content), encoding="utf-8")
    assert truceline("verify", "out", cwd=copy).returncode == 0
    done = truceline("verify", "out", "--digest", digest(copy), cwd=copy)
    assert done.returncode == 1 and "FAIL: digest of manifest.json" in done.stdout


def test_without_its_case_a_dossier_is_absent_in_part(copy: Path) -> None:
    shutil.rmtree(copy / CASE)
    done = truceline("verify", "out", cwd=copy)
    assert done.returncode == 1 and "ABSENT: " in done.stdout and "--outputs-only" in done.stdout
    assert truceline("verify", "out", "--outputs-only", cwd=copy).returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("verify",),
        ("run", "x"),
        ("nonsense",),
        ("run", "x", "--out", "y", "--as-of", "noon"),
        ("run", "x", "--out", "y", "--as-of", "2025-04-01T00:00"),
        ("run", "x", "--out", "y", "--as-of", "0001-01-01T00:00Z"),
        ("run", "x", "--out", "y", "--as-of", "9999-12-31T23:59-05:00"),
    ],
)
def test_misuse_is_2(words: tuple[str, ...], tmp_path: Path) -> None:
    assert truceline(*words, cwd=tmp_path).returncode == 2


def test_a_missing_case_says_what_to_do(tmp_path: Path) -> None:
    done = truceline("run", "nowhere", "--out", "out", cwd=tmp_path)
    assert done.returncode == 1
    assert "truceline new" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_no_dossier_is_not_overwritten(home: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine", encoding="utf-8")
    done = truceline("run", home / CASE, "--out", mine)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_a_run_that_fails_leaves_the_previous_dossier(copy: Path) -> None:
    before = (copy / "out" / "manifest.json").read_bytes()
    with (copy / CASE / "data" / "moratorium-2025" / "claims.csv").open("ab") as file:
        file.write(b"C151,nonsense\r\n")
    contract = copy / CASE / "sources" / "claims.toml"
    text = contract.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("sha256", "rows"))]
    lines.insert(8, 'rows = { min = 1, max = 999, reason = "test" }')
    contract.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = truceline("run", CASE, "--out", "out", cwd=copy)
    assert done.returncode == 1 and "claims.csv, line 152" in done.stderr
    assert (copy / "out" / "manifest.json").read_bytes() == before
    again = truceline("run", CASE, "--out", "out", "--quarantine", cwd=copy)
    assert again.returncode == 0, again.stderr
    assert "152" in (copy / "out" / "quarantine.csv").read_text(encoding="utf-8")


def test_a_killed_run_leaves_the_previous_dossier(copy: Path) -> None:
    before = (copy / "out" / "manifest.json").read_bytes()
    child = subprocess.Popen(
        [str(PROGRAM), "run", CASE, "--out", "out"],
        cwd=copy,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        child.wait(timeout=0.9)
    except subprocess.TimeoutExpired:
        child.kill()
    child.wait()
    assert (copy / "out" / "manifest.json").read_bytes() == before
    assert truceline("verify", "out", cwd=copy).returncode == 0


def test_an_interrupt_of_an_engine_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], root: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(cli, "ingest_case", interrupted)
    monkeypatch.setattr(sys, "argv", ["truceline", "ingest", str(root / "cases" / CASE)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    signal.signal(signal.SIGINT, before)
    assert ended.value.code == 130
    assert capsys.readouterr().err.count("truceline: interrupted") == 1


@pytest.mark.parametrize("key", ["C017", "c017", "i-"])
def test_explain_walks_down_to_the_bytes_or_lists_what_is_near(home: Path, key: str) -> None:
    done = truceline("explain", "out", key, cwd=home)
    if key == "C017":
        assert done.returncode == 0
        for words in ("claims#C017", "sha256", "line 18", "READING kremlin", "READING kyiv"):
            assert words in done.stdout
    else:
        assert "Traceback" not in done.stderr


def test_explain_without_the_case_still_names_rows(copy: Path) -> None:
    shutil.rmtree(copy / CASE)
    done = truceline("explain", "out", "C017", cwd=copy)
    assert done.returncode == 0 and "claims#C017" in done.stdout


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "x"}', "\xff", "{" * 9999])
def test_a_broken_dossier_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "dossier.json").write_bytes(text.encode("latin-1"))
    done = truceline("explain", tmp_path, "C017")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "what to do" in done.stderr


@pytest.mark.parametrize(
    "setting",
    [
        {"TRUCELINE_ENGINE_THREADS": "0"},
        {"TRUCELINE_ENGINE_THREADS": "many"},
        {"TRUCELINE_ENGINE_MEMORY": "much"},
    ],
)
def test_a_wrong_setting_is_told(setting: dict[str, str]) -> None:
    done = subprocess.run(
        [str(PROGRAM), "doctor"],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | setting,
    )
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert next(iter(setting)) in done.stderr


def test_a_narrow_terminal_encoding_loses_no_run(home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(PROGRAM), "explain", str(home / "out"), "C017"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0 and b"C017" in done.stdout


STARTED = """
from truceline import cli
assess = cli.assess_case
def announced(*given):
    print("started", flush=True)
    return assess(*given)
cli.assess_case = announced
cli.main()
"""


def test_ctrl_c_says_that_nothing_has_changed(copy: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", STARTED, "run", CASE, "--out", "out"],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout and child.stdout.readline() == "started\n"  # no clock: the run tells
    child.send_signal(signal.SIGINT)
    _, said = child.communicate()
    assert child.returncode == 130 and "what was there before is unchanged" in said
    assert "Traceback" not in said
    assert truceline("verify", "out", cwd=copy).returncode == 0


def test_json_where_a_script_wants_it(home: Path) -> None:
    for words in (
        ("verify", "out", "--json"),
        ("compare-readings", CASE, "--json"),
        ("check", CASE, "--json"),
        ("doctor", CASE, "--json"),
        ("run", CASE, "--out", "out2", "--json"),
    ):
        done = truceline(*words, cwd=home)
        assert done.returncode == 0, done.stderr
        json.loads(done.stdout)


def test_an_as_of_may_be_a_date(home: Path) -> None:
    for text in ("2025-04-01", "2025-04-01T00:00Z"):
        done = truceline("run", CASE, "--out", "early", "--as-of", text, "--json", cwd=home)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["as_of"] == "2025-04-01T00:00:00Z"


def test_check_tells_what_disagrees(home: Path) -> None:
    done = truceline("check", CASE, cwd=home)
    assert done.returncode == 0
    for words in ("POLTAVA-0328", "ROSTOV-0406", "209 rows have no position"):
        assert words in done.stdout


def test_doctor_lists_days_that_nobody_watched(home: Path) -> None:
    done = truceline("doctor", CASE, cwd=home)
    assert done.returncode == 0 and "unknown: 2025-03-11" in done.stdout


def test_compare_readings_tells_both_sides(home: Path) -> None:
    done = truceline("compare-readings", CASE, cwd=home)
    assert done.returncode == 0
    for words in ("kremlin", "kyiv", "white-house", "heat"):
        assert words in done.stdout


def test_a_closed_pipe_is_no_traceback(home: Path) -> None:
    line = f"{PROGRAM} explain out C017 | head -1"
    done = subprocess.run(["sh", "-c", line], cwd=home, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr


def test_no_output_names_this_machine(home: Path) -> None:
    for path in (home / "out").iterdir():
        assert os.fsencode(home) not in path.read_bytes(), path.name


def test_nothing_is_told_of_hours_to_come(copy: Path) -> None:
    """An as-of that lies ahead would make passes of the future passes of the past."""
    asked = truceline("run", CASE, "--out", "later", "--as-of", "2119-01-01", cwd=copy)
    assert asked.returncode == 2 and "lies ahead" in asked.stderr
    config = copy / CASE / "case.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("as_of = 2025-05-11", "as_of = 2099-05-11"), encoding="utf-8")
    set_ahead = truceline("run", CASE, "--out", "later", cwd=copy)
    assert set_ahead.returncode == 1 and "lies ahead" in set_ahead.stderr
    assert not (copy / "later").exists()
