"""Why nothing can be kept or read back, in words a person can act on: a full disk, a folder closed to us, a damaged file."""

import errno
import os

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.i18n import N_

TROUBLES = (SQLAlchemyError, OSError)
"""What is raised, among much else, where the store or the folder behind it can't be used."""

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)
FOLDER_IS_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM, errno.EEXIST, errno.ENOTDIR, errno.ENAMETOOLONG)


def of_store(reason: BaseException) -> UserError | None:
    """Return what to do about a store, or the folder that all is kept in, that can't be used; None where it is neither."""
    if isinstance(reason, UserError):
        return reason
    if is_disk_full(reason):
        return UserError(N_("The disk that holds {home} is full. Free some space, then try again."), home=paths.named_home())
    if isinstance(reason, DBAPIError):
        return _of_database(str(reason.orig))
    if isinstance(reason, OSError) and reason.errno in FOLDER_IS_CLOSED:
        return _closed(f"{reason.strerror} ({reason.filename})" if reason.filename else str(reason.strerror))
    return None


def of_address(reason: Exception) -> UserError:
    """Return what to do about a store whose address is no URL, or that of a database without a driver here."""
    return UserError(
        N_("The store that PLAYGROUND_STORE_URL names can't be used: {reason}. Mend the address, or leave it out."),
        reason=_one_line(str(reason)),
    )


def is_disk_full(reason: BaseException | None) -> bool:
    """Say whether an exception, or what it was raised from, means that nothing more can be written."""
    while reason is not None:
        if isinstance(reason, OSError) and reason.errno in DISK_IS_FULL:
            return True
        if any(words in str(reason) for words in ("database or disk is full", "No space left on device")):
            return True
        reason = reason.__cause__ or reason.__context__
    return False


def is_busy(reason: BaseException | None) -> bool:
    """Say whether an exception means that somebody else has locked the store, so that the same may work in a moment."""
    said = str(reason.orig) if isinstance(reason, DBAPIError) else ""
    return "is locked" in said or "is busy" in said


def _of_database(said: str) -> UserError:
    if os.environ.get("PLAYGROUND_STORE_URL"):
        return of_address(ValueError(said))
    if "locked" in said:
        return UserError(N_("The list of runs is busy: {reason}. Try again in a moment."), reason=_one_line(said))
    if "readonly" in said or "unable to open" in said:
        return _closed(_one_line(said))
    return UserError(
        N_("The list of runs, {file}, can't be read: {reason}. Move that file elsewhere to begin with an empty list; "
           "all other files stay as they are."),
        file=paths.named_home() / "runs.sqlite", reason=_one_line(said),
    )  # fmt: skip


def _closed(said: str) -> UserError:
    return UserError(
        N_("Nothing can be kept in {home}: {reason}. Make that folder writable, or name another one in PLAYGROUND_HOME."),
        home=paths.named_home(), reason=said,
    )  # fmt: skip


def _one_line(said: str) -> str:
    return said.strip().partition("\n")[0].rstrip(".")[:300]
