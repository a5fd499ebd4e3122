"""A commented starter case that runs, for a case of one's own."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree

from truceline.errors import BadInput, Where


def write_starter(folder: Path) -> None:
    """Copy the starter case into a folder that is not there yet, or is empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(
            "there is something already",
            Where(str(folder)),
            expected="a folder that does not exist or is empty",
            remedy="choose another name",
        )
    with as_file(files("truceline").joinpath("starter")) as starter:
        copytree(starter, folder, dirs_exist_ok=True)
