"""A folder as an archive that is the same to the byte whenever and wherever it is made."""

import gzip
import tarfile
from pathlib import Path


def pack(folder: Path, archive: Path, seconds: int) -> None:
    """Write the folder's contents as a .tar.gz. seconds: the time that all files get."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    with (
        archive.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(folder.rglob("*")):
            _add(tar, folder, path, seconds)


def _add(tar: tarfile.TarFile, folder: Path, path: Path, seconds: int) -> None:
    # krew unpacks folders and files; links it refuses
    if path.is_symlink() or not (path.is_dir() or path.is_file()):
        raise ValueError(f"neither a file nor a folder: {path}")
    entry = tarfile.TarInfo(path.relative_to(folder).as_posix())
    entry.mtime = seconds
    entry.mode = 0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644
    if path.is_dir():
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
    else:
        entry.size = path.stat().st_size
        with path.open("rb") as file:
            tar.addfile(entry, file)
