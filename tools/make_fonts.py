"""The fonts of the page, cut from Source Sans 3 (SIL Open Font License 1.1).

    npm pack @fontsource/source-sans-3@5.3.1 && tar xzf fontsource-source-sans-3-5.3.1.tgz
    python tools/make_fonts.py package

needs fonttools and brotli, which nothing else here does; the results are in the repository.
Latin and Cyrillic are taken as they are, of extended Latin only U+0100 to U+017F.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TO = Path(__file__).resolve().parents[1] / "src" / "truceline" / "report" / "fonts"
FAMILY = "source-sans-3"


def main() -> None:
    """Write the fonts from an unpacked package."""
    files = Path(sys.argv[1]) / "files"
    TO.mkdir(exist_ok=True)
    for weight in (400, 600):
        for part in ("latin", "cyrillic", "cyrillic-ext"):
            source = files / f"{FAMILY}-{part}-{weight}-normal.woff2"
            (TO / f"{part}-{weight}.woff2").write_bytes(source.read_bytes())
        subprocess.run(
            [
                "pyftsubset",
                files / f"{FAMILY}-latin-ext-{weight}-normal.woff2",
                "--unicodes=U+0100-017F",
                "--flavor=woff2",
                "--layout-features=*",
                f"--output-file={TO / f'latin-ext-{weight}.woff2'}",
            ],
            check=True,
        )
    (TO / "OFL.txt").write_bytes((Path(sys.argv[1]) / "LICENSE").read_bytes())


if __name__ == "__main__":
    main()
