"""Texts and scripts that come with installed packages: found by their metadata, never by running the package."""

import hashlib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from ssl_core.errors import UserError
from ssl_core.i18n import N_


def path_in(package: str, inner: str) -> Path:
    """Return where a file or folder of an installed package lies.

    Raises: UserError if the package, or this part of it, is missing.
    """
    found = Path(str(_distribution(package).locate_file(inner))).resolve()
    if not found.exists():
        raise _missing(package)
    return found


def fingerprint(package: str, part: str = "") -> str:
    """Return what changes when the package's files change: its version and its list of checksums.

    ``part`` tells apart several corpora of one package.
    """
    package_found = _distribution(package)
    listed = f"{part}{package} {package_found.version}\n{package_found.read_text('RECORD') or ''}"
    return hashlib.sha256(listed.encode()).hexdigest()


def _distribution(package: str) -> Distribution:
    try:
        return distribution(package)
    except PackageNotFoundError as error:
        raise _missing(package) from error


def _missing(package: str) -> UserError:
    return UserError(
        N_("What is asked for comes with the package {package}, which is missing here. Run: pip install -r requirements.txt"),
        package=package,
    )
