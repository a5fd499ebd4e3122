"""``verify`` says no to every change, and never yes to nothing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from truceline.archive.atomic import publish
from truceline.archive.manifest import (
    SIDECAR,
    digest,
    load_manifest,
    make_manifest,
    read_manifest,
    strangers,
)
from truceline.archive.seal import Item, Status, case_folder_of, exit_code, sidecar, verify
from truceline.domain.result import Input
from truceline.errors import BadFile, NotADossier

AS_OF = datetime(2031, 5, 11, tzinfo=UTC)
OUTPUTS = {"dossier.json": b"{}\n", "tables/a.csv": b"a,b\n", "empty.csv": b""}
SOURCE = b"id,act\n1,hit\n"


def source(**more: Any) -> Input:
    given: dict[str, Any] = {
        "id": "claims",
        "kind": "claims",
        "title": "Claims",
        "path": "data/claims.csv",
        "sha256": hashlib.sha256(SOURCE).hexdigest(),
        "n_rows": 1,
        "n_quarantined": 0,
        "licence": "CC BY 4.0",
        "attribution": "who made it",
        "address": "https://example.org",
        "span": ("2031-03-18", "2031-04-17"),
        "separate": False,
    }
    return Input(**(given | more))


def manifest(outputs: dict[str, bytes] = OUTPUTS, **more: Any) -> bytes:
    given: dict[str, Any] = {
        "case_id": "invented",
        "as_of": AS_OF,
        "version": "0.1.0",
        "parameters": {"established_lr": {"value": 10}},
        "inputs": [source()],
        "outputs": outputs,
        "output_licences": dict.fromkeys(outputs, ("CC BY 4.0", "Truceline")),
    }
    return make_manifest(**(given | more))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dossier with its case beside it."""
    case, target = tmp_path / "case", tmp_path / "out" / "dossier"
    (case / "data").mkdir(parents=True)
    (case / "data" / "claims.csv").write_bytes(SOURCE)
    local = {SIDECAR: sidecar(target, case)}
    publish({**OUTPUTS, "manifest.json": manifest(), **local}, target)
    return target


def bad(items: list[Item]) -> list[Item]:
    return [item for item in items if item.status is not Status.OK]


def test_unchanged_dossier_verifies_with_its_inputs(folder: Path) -> None:
    items = verify(folder)
    assert bad(items) == []
    assert [item.what for item in items] == [
        "manifest.json",
        "dossier.json",
        "empty.csv",
        "tables/a.csv",
        "input data/claims.csv",
    ]
    assert exit_code(items) == 0


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_one_changed_byte_in_any_output_is_named(folder: Path, name: str) -> None:
    path = folder / name
    raw = bytearray(path.read_bytes() or b"\0")
    raw[0] ^= 1
    path.write_bytes(raw)
    (item,) = bad(verify(folder))
    assert (item.status, item.what) == (Status.FAIL, name)
    assert hashlib.sha256(OUTPUTS[name]).hexdigest() in item.detail
    assert hashlib.sha256(raw).hexdigest() in item.detail
    assert exit_code([item]) == 1


def test_one_changed_byte_in_an_input_is_named(folder: Path) -> None:
    case = case_folder_of(folder)
    assert case is not None
    (case / "data" / "claims.csv").write_bytes(SOURCE.replace(b"hit", b"hut"))
    assert [item.what for item in bad(verify(folder))] == ["input data/claims.csv"]
    assert bad(verify(folder, outputs_only=True)) == []


def test_missing_and_extra_files(folder: Path) -> None:
    (folder / "empty.csv").unlink()
    (folder / "tables" / "extra.csv").write_bytes(b"")
    missing, extra = bad(verify(folder))
    assert (missing.status, missing.what) == (Status.ABSENT, "empty.csv")
    assert str(extra) == "FAIL: tables/extra.csv: not in the manifest"


def test_links_are_no_outputs(folder: Path, tmp_path: Path) -> None:
    os.rename(folder / "dossier.json", tmp_path / "elsewhere.json")
    (folder / "dossier.json").symlink_to(tmp_path / "elsewhere.json")
    os.rename(folder / "tables", tmp_path / "tables")
    (folder / "tables").symlink_to(tmp_path / "tables")
    found = {item.what: item.detail for item in bad(verify(folder))}
    assert found["dossier.json"] == found["tables/a.csv"]
    assert "symbolic link" in found["dossier.json"]
    assert found["tables"] == "not in the manifest"


def test_case_folder_unknown_or_gone(folder: Path, tmp_path: Path) -> None:
    (folder / SIDECAR).unlink()
    (item,) = bad(verify(folder))
    assert item.status is Status.ABSENT
    assert "--case" in item.detail and "--outputs-only" in item.detail
    assert bad(verify(folder, tmp_path / "case")) == []
    (item,) = bad(verify(folder, tmp_path / "nowhere"))
    assert (item.status, item.what) == (Status.ABSENT, "input data/claims.csv")


def test_remade_manifest_fails_the_digest_alone(folder: Path) -> None:
    told = digest((folder / "manifest.json").read_bytes())
    assert bad(verify(folder, digest=told)) == []
    changed = {**OUTPUTS, "dossier.json": b'{"changed": true}\n'}
    (folder / "dossier.json").write_bytes(changed["dossier.json"])
    (folder / "manifest.json").write_bytes(manifest(changed))
    assert bad(verify(folder)) == []
    (item,) = bad(verify(folder, digest=told))
    assert item.what == "digest of manifest.json"
    assert told in item.detail


def test_a_seal_without_the_record_itself_says_no(folder: Path) -> None:
    left = {name: data for name, data in OUTPUTS.items() if name != "dossier.json"}
    (folder / "dossier.json").unlink()
    (folder / "manifest.json").write_bytes(manifest(left))
    (item,) = bad(verify(folder))
    assert (item.status, item.what) == (Status.FAIL, "dossier.json")


@pytest.mark.parametrize("given", ["", "00", "sha256:abc"])
def test_wrong_digest_never_passes(folder: Path, given: str) -> None:
    assert exit_code(verify(folder, digest=given)) == 1


def edited(change: Callable[[dict[str, Any]], object]) -> bytes:
    content = json.loads(manifest())
    change(content)
    return json.dumps(content).encode()


def nested(depth: int) -> list[Any]:
    content: list[Any] = []
    for _ in range(depth):
        content = [content]
    return content


MALFORMED: dict[str, bytes] = {
    "empty": b"",
    "truncated": manifest()[:-40],
    "not JSON": b"\xff\xfe",
    "a list": b"[]",
    "empty object": b"{}",
    "deep": b"[" * 100_000,
    "deep parameters": edited(lambda m: m["generated_by"]["parameters"].update(x=nested(500))),
    "UTF-16": manifest().decode().encode("utf-16"),
    "Latin-1": manifest(case_id="Kyïv").decode().encode("latin-1"),
    "byte order mark": b"\xef\xbb\xbf" + manifest(),
    "infinite": manifest().replace(b'"value": 10', b'"value": 1e400'),
    "minus infinite": manifest().replace(b'"value": 10', b'"value": -1e400'),
    "digits without end": manifest().replace(b'"value": 10', b'"value": 1' + b"0" * 5_000),
    "half a character in a path": edited(lambda m: m["outputs"][0].update(path="\ud800")),
    "half a character elsewhere": edited(lambda m: m.update(case="x\udcff")),
    "half a character as a key": edited(
        lambda m: m["generated_by"]["parameters"].update({"\ud800": 1})
    ),
    "key twice": manifest().replace(b'"case"', b'"case": "x", "case"', 1),
    "no number": edited(lambda m: m["generated_by"]["parameters"].update(x=float("nan"))),
    "no outputs": edited(lambda m: m.update(outputs=[])),
    "no inputs": edited(lambda m: m.update(inputs=[])),
    "other schema": edited(lambda m: m.update(schema="truceline-manifest/9")),
    "unknown key": edited(lambda m: m.update(more=1)),
    "hash too short": edited(lambda m: m["outputs"][0].update(sha256="ab")),
    "rows as text": edited(lambda m: m["inputs"][0].update(rows="1")),
}


@pytest.mark.parametrize("raw", MALFORMED.values(), ids=MALFORMED)
def test_malformed_manifest_is_a_plain_no(folder: Path, raw: bytes) -> None:
    (folder / "manifest.json").write_bytes(raw)
    (item,) = verify(folder, digest="0" * 64)
    assert (item.status, item.what) == (Status.FAIL, "manifest.json")
    assert item.detail and "\n" not in item.detail and len(item.detail) < 300


@pytest.mark.parametrize("path", ["../x", "/etc/hostname", "a/../../x", "", ".", "manifest.json"])
def test_path_that_leaves_the_dossier_fails(folder: Path, path: str) -> None:
    raw = edited(lambda m: m["outputs"][0].update(path=path))
    (folder / "manifest.json").write_bytes(raw)
    assert "no path that a dossier may name" in {i.detail for i in bad(verify(folder))}


def test_path_that_leaves_the_case_fails(folder: Path) -> None:
    raw = edited(lambda m: m["inputs"][0].update(path="../case/data/claims.csv"))
    (folder / "manifest.json").write_bytes(raw)
    (item,) = bad(verify(folder))
    assert item.status is Status.FAIL and "no path that a case may name" in item.detail


def test_a_pipe_does_not_hang_the_check(folder: Path) -> None:
    (folder / "empty.csv").unlink()
    os.mkfifo(folder / "empty.csv")
    (item,) = bad(verify(folder))
    assert str(item) == "FAIL: empty.csv: not a regular file"


def test_folder_without_manifest_and_no_folder(tmp_path: Path) -> None:
    (item,) = verify(tmp_path)
    assert item.status is Status.ABSENT
    with pytest.raises(NotADossier):
        verify(tmp_path / "nowhere")


def test_sidecar_that_is_not_one_is_ignored(folder: Path) -> None:
    for raw in (b"", b"\0", b"/nowhere/at/all\n", b"\xff"):
        (folder / SIDECAR).write_bytes(raw)
        assert case_folder_of(folder) is None


def test_sidecar_of_any_kind_of_line_is_no_crash(folder: Path) -> None:
    long = "/".join(["x"] * 5_000).encode()
    for raw in (b"x" * 5_000, long, b"x" * 10_000_000, b"a\0b\n", b"\n../../case\n"):
        (folder / SIDECAR).write_bytes(raw)
        assert case_folder_of(folder) is None
        (item,) = bad(verify(folder))
        assert item.status is Status.ABSENT and "--case" in item.detail


@pytest.mark.parametrize("name", ["a\nb", "a\rb", "a\u2028b", "a\x85b", "a\udcffb"], ids=ascii)
def test_a_case_folder_that_is_no_line_gets_no_sidecar(tmp_path: Path, name: str) -> None:
    assert sidecar(tmp_path / "out", tmp_path / name) is None


@pytest.mark.parametrize("name", ["Київ 2025", " a ", "a\u00a0b", "🏳️‍🌈"], ids=ascii)
def test_a_sidecar_leads_back_to_the_case(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / "out").mkdir()
    line = sidecar(tmp_path / "out", tmp_path / name)
    assert line is not None
    (tmp_path / "out" / SIDECAR).write_bytes(line)
    found = case_folder_of(tmp_path / "out")
    assert found is not None and found.resolve() == tmp_path / name


# --- what a dossier may not hold --------------------------------------------------------------


def test_folders_that_no_output_needs_fail_even_when_empty(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "tables" / "more" / "deep").mkdir(parents=True)
    (folder / "tables" / "more" / "x").write_bytes(b"")
    assert [str(item) for item in bad(verify(folder))] == [
        "FAIL: empty: a folder that the manifest does not name",
        "FAIL: tables/more: a folder that the manifest does not name",
    ]


def test_a_folder_that_cannot_be_read_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def locked(path: str | Path) -> Any:
        if Path(path).name == "tables":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", locked)
    (item,) = bad(verify(folder))
    assert str(item) == "FAIL: tables: cannot be read: Permission denied"


def test_a_file_that_cannot_be_read_is_one_item(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_file = Path.is_file

    def locked(path: Path) -> bool:
        if path.name in ("a.csv", "claims.csv", SIDECAR):
            raise PermissionError(13, "Permission denied", str(path))
        return is_file(path)

    case = case_folder_of(folder)
    monkeypatch.setattr(Path, "is_file", locked)
    for given, what in ((case, "input data/claims.csv"), (None, SIDECAR)):
        assert [str(item) for item in bad(verify(folder, given))] == [
            "FAIL: tables/a.csv: cannot be read: Permission denied",
            f"FAIL: {what}: cannot be read: Permission denied",
        ]


def test_a_sidecar_that_is_a_link_or_a_folder_fails(folder: Path, tmp_path: Path) -> None:
    os.rename(folder / SIDECAR, tmp_path / "note")
    (folder / SIDECAR).symlink_to(tmp_path / "note")
    (item,) = bad(verify(folder, outputs_only=True))
    assert str(item) == f"FAIL: {SIDECAR}: not a regular file"
    (folder / SIDECAR).unlink()
    (folder / SIDECAR).mkdir()
    (item,) = bad(verify(folder, outputs_only=True))
    assert (item.status, item.what) == (Status.FAIL, SIDECAR)


def test_a_manifest_that_is_a_link_fails(folder: Path, tmp_path: Path) -> None:
    os.rename(folder / "manifest.json", tmp_path / "manifest.json")
    (folder / "manifest.json").symlink_to(tmp_path / "manifest.json")
    (item,) = verify(folder)
    assert str(item) == "FAIL: manifest.json: manifest.json: no regular file"


def test_a_folder_in_the_place_of_an_output_fails_once(folder: Path) -> None:
    (folder / "empty.csv").unlink()
    (folder / "empty.csv").mkdir()
    (item,) = bad(verify(folder))
    assert str(item) == "FAIL: empty.csv: not a regular file"
    assert dict(strangers(folder, load_manifest(folder)[1]))["empty.csv"].startswith("a folder")


def test_a_wrong_number_of_bytes_fails(folder: Path) -> None:
    raw = edited(lambda m: m["outputs"][0].update(bytes=4_000))
    (folder / "manifest.json").write_bytes(raw)
    (item,) = bad(verify(folder))
    assert str(item) == "FAIL: dossier.json: bytes in the manifest 4,000, found 3"


def test_a_source_file_that_came_later_is_a_note(folder: Path, tmp_path: Path) -> None:
    sources = tmp_path / "case" / "sources"
    sources.mkdir()
    (sources / "README.md").write_bytes(b"")
    assert bad(verify(folder)) == []
    (sources / "later.toml").write_bytes(b"")
    items = verify(folder)
    (item,) = bad(items)
    assert str(item).startswith("NOTE: input sources/later.toml: not in the manifest")
    assert exit_code(items) == 0
    assert bad(verify(folder, outputs_only=True)) == []


# --- names made to harm -----------------------------------------------------------------------

HARMFUL = ["a\nOK: dossier.json", "a\rOK: x", "a\x1b[2K", "a\u202egnp", "a\u2028OK: x", "a\udcff"]


@pytest.mark.parametrize("name", HARMFUL, ids=ascii)
def test_a_name_in_the_folder_cannot_forge_an_item(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    (tmp_path / "case" / "sources").mkdir()
    (tmp_path / "case" / "sources" / f"{name}.toml").write_bytes(b"")
    for item in bad(verify(folder)):
        assert str(item).splitlines() == [str(item)] and str(item).isprintable()
        assert json.dumps([item.what, item.detail], ensure_ascii=False).encode()


@pytest.mark.parametrize("path", [*HARMFUL[:-1], "x" * 5_000, "/".join(["x"] * 5_000)], ids=len)
def test_a_name_in_the_manifest_cannot_forge_or_crash(folder: Path, path: str) -> None:
    for part in ("outputs", "inputs"):
        raw = edited(lambda m, part=part: m[part][0].update(path=path))
        (folder / "manifest.json").write_bytes(raw)
        items = verify(folder)
        assert exit_code(items) == 1
        assert all(str(item).splitlines() == [str(item)] for item in items)


def test_a_digest_from_the_command_line_is_printed_safely(folder: Path) -> None:
    (item,) = bad(verify(folder, digest="\udcff\nOK: x"))
    assert "expected \\udcff\\nOK: x, found" in str(item)


def test_a_missing_dossier_names_the_one_that_was_left(folder: Path) -> None:
    os.rename(folder, folder.with_name(".dossier.previous"))
    with pytest.raises(NotADossier) as caught:
        verify(folder)
    assert ".dossier.previous: run the case again" in caught.value.remedy
    with pytest.raises(NotADossier):
        verify(folder / ("x" * 5_000))


# --- making -----------------------------------------------------------------------------------


def test_manifest_is_sorted_and_the_same_in_any_order() -> None:
    other = source(id="acts", path="data/acts.csv")
    backwards = dict(reversed(OUTPUTS.items()))
    first, second = (
        manifest(inputs=[source(), other]),
        manifest(backwards, inputs=[other, source()]),
    )
    assert first == second
    assert first.endswith(b"}\n")
    assert [i.path for i in read_manifest(first).inputs] == ["data/acts.csv", "data/claims.csv"]


def test_digest_depends_on_content_alone() -> None:
    compact = json.dumps(json.loads(manifest()), separators=(",", ":")).encode()
    assert digest(compact) == digest(manifest())
    assert digest(edited(lambda m: m.update(case="other"))) != digest(manifest())


@pytest.mark.parametrize(
    "more",
    [
        {"output_licences": {}},
        {"inputs": [replace(source(), path="/data/claims.csv")]},
        {"inputs": [replace(source(), path="../claims.csv")]},
        {"outputs": {"manifest.json": b""}},
        {"outputs": {SIDECAR: b""}},
        {"parameters": {"x": float("inf")}},
    ],
    ids=["no licence", "absolute", "leaves the case", "itself", "sidecar", "infinite"],
)
def test_manifest_that_would_be_wrong_is_not_made(more: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        manifest(**more)


def test_malformed_content_is_told_with_its_field() -> None:
    with pytest.raises(BadFile, match=r"field outputs\.0\.sha256"):
        read_manifest(MALFORMED["hash too short"])
