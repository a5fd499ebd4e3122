"""The comparison of pictures can fail: on a colour, on a size, and where nothing is kept."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from tests.browser.conftest import same_picture

SIZE = (100, 10)


@pytest.fixture(autouse=True)
def aside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Pictures that differ on purpose are put into the folder of the test."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.delenv("TRUCELINE_REGOLD", raising=False)


def png(colour: tuple[int, int, int], n_columns: int = 0, size: tuple[int, int] = SIZE) -> bytes:
    """A white picture of which the first columns have a colour."""
    picture = Image.new("RGB", size, (255, 255, 255))
    picture.paste(colour, (0, 0, n_columns, size[1]))
    into = io.BytesIO()
    picture.save(into, "PNG")
    return into.getvalue()


def test_a_picture_renewed_is_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRUCELINE_REGOLD", "1")
    same_picture(png((0, 0, 0), 9), "kept", 0, tmp_path)
    monkeypatch.delenv("TRUCELINE_REGOLD")
    same_picture(png((0, 0, 0), 9), "kept", 0, tmp_path)


@pytest.mark.parametrize(
    ("shown", "complaint"),
    [
        pytest.param(png((0, 0, 0), 3), "3.00% of the pixels", id="black"),
        pytest.param(png((255, 255, 0), 3), "3.00% of the pixels", id="as bright but yellow"),
        pytest.param(png((0, 0, 0), 0, (101, 10)), "instead of", id="size"),
    ],
)
def test_a_changed_picture_fails(tmp_path: Path, shown: bytes, complaint: str) -> None:
    (tmp_path / "kept.png").write_bytes(png((0, 0, 0)))
    with pytest.raises(pytest.fail.Exception, match=complaint):
        same_picture(shown, "kept", 0.02, tmp_path)
    assert (tmp_path / "truceline-pictures" / "kept.png").read_bytes() == shown


def test_a_small_difference_may_be(tmp_path: Path) -> None:
    (tmp_path / "kept.png").write_bytes(png((0, 0, 0)))
    same_picture(png((0, 0, 0), 2), "kept", 0.02, tmp_path)
    same_picture(png((210, 210, 210), 100), "kept", 0.02, tmp_path)


def test_a_picture_that_is_not_kept_fails(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match="no picture of that name"):
        same_picture(png((0, 0, 0)), "kept", 0.02, tmp_path)
