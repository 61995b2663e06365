"""Why a run ended that could not say so itself, in words a person can act on."""

import signal

from sqlalchemy.exc import SQLAlchemyError

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.runs.unusable import is_disk_full, of_store

DISK_FULL_EXIT = 28
"""A worker ends with this code when the disk is too full even for the reason."""

NO_STORE_EXIT = 75
"""A worker ends with this code when it could not write how it ended for another reason, see ``reporting``."""


def of_exit(exit_code: int | None, log: str) -> UserError:
    """Return the reason behind a worker's exit code; None where nobody saw it end."""
    if exit_code == -9:
        return UserError(
            N_("The training process was killed (signal 9): from outside, or because the machine ran out of memory. "
               "Try a smaller model or a smaller batch.")
        )  # fmt: skip
    if exit_code is None:
        return UserError(
            N_("The training process is gone: it was ended from outside, or the machine ran out of memory. "
               "Try a smaller model or a smaller batch.")
        )  # fmt: skip
    if exit_code == DISK_FULL_EXIT:
        return disk_full()
    if exit_code == NO_STORE_EXIT:
        return UserError(
            N_("The run was over, but the list of runs could not be written: another program kept it locked, or its disk is at "
               "fault. The curves are kept as far as they came. Details are in {log}."), log=log,
        )  # fmt: skip
    if exit_code < 0:
        return UserError(
            N_("The training process was ended by signal {number} ({name}). What it last said is in {log}."),
            number=-exit_code, name=_signal_name(-exit_code), log=log,
        )  # fmt: skip
    return UserError(
        N_("The training process ended by itself (exit code {code}). What it last said is in {log}."), code=exit_code, log=log
    )


def of_exception(reason: BaseException, log: str) -> UserError:
    """Return the reason behind an exception; what a person can put right says so already."""
    if isinstance(reason, UserError):
        return reason
    if is_disk_full(reason):
        return disk_full()
    if isinstance(reason, SQLAlchemyError) and (told := of_store(reason)) is not None:  # its own text is raw SQL
        return told
    if isinstance(reason, MemoryError) or "out of memory" in str(reason):
        return UserError(N_("The device ran out of memory. Try a smaller model, a shorter context or a smaller batch."))
    return UserError(
        N_("The run broke off with {kind}: {reason}. Details are in {log}."),
        kind=type(reason).__name__, reason=str(reason)[:500], log=log,
    )  # fmt: skip


def disk_full() -> UserError:
    """Return the message for a full disk."""
    return UserError(N_("The disk is full, so the run ended here; its curves are kept. Free some space, then start it again."))


def silent() -> UserError:
    """Return the message for a worker that lives but has not answered for long."""
    return UserError(N_("The training process stopped answering and was ended."))


def abandoned_command() -> UserError:
    """Return the message for a run in the foreground whose command is gone."""
    return UserError(N_("The command that ran this was ended from outside before it was done."))


def lost_twice() -> UserError:
    """Return the message for a run that was lost again after it had been taken up again."""
    return UserError(N_("The training process was lost twice; the run was not started a third time."))


def not_started(reason: Exception, num_tries: int) -> UserError:
    """Return the message for a worker that could not be started, however often that was tried."""
    if isinstance(reason, TimeoutError):
        return UserError(
            N_("No training process could be started in {tries} tries: each one hung and was ended. Close other programs or "
               "restart the computer, then start the run again."),
            tries=num_tries,
        )  # fmt: skip
    if _starter_ended(reason):
        return UserError(
            N_("No training process could be started in {tries} tries: the process that starts them ended each time. "
               "Restart the app, then start the run again."),
            tries=num_tries,
        )  # fmt: skip
    return UserError(
        N_("No training process could be started in {tries} tries: {reason}. Close other programs, then start the run again."),
        tries=num_tries, reason=_said(reason),
    )  # fmt: skip


def _starter_ended(reason: Exception) -> bool:
    return isinstance(reason, (EOFError, ConnectionError))


def _said(reason: Exception) -> str:
    """Return what the system said, without numbers and names of classes."""
    said = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    return said.rstrip(".")[:300] or type(reason).__name__


# ---- of questions about models -------------------------------------------------------------------------------------


def of_answering_exit(exit_code: int | None, log: str) -> UserError:
    """Return why a question has no answer whose process is gone; None where nobody saw it end."""
    if exit_code in (-9, None):
        return UserError(
            N_("The process that answers was killed: from outside, or because the machine ran out of memory. "
               "Try again, or ask about a smaller model.")
        )  # fmt: skip
    return UserError(
        N_("The process that answers ended by itself (exit code {code}). What it last said is in {log}."),
        code=exit_code, log=log,
    )  # fmt: skip


def of_answering(reason: BaseException, log: str) -> UserError:
    """Return why a question has no answer; what a person can put right says so already."""
    if isinstance(reason, UserError):
        return reason
    if is_disk_full(reason):
        return UserError(N_("The disk is full, so the answer could not be kept. Free some space, then try again."))
    if isinstance(reason, SQLAlchemyError) and (told := of_store(reason)) is not None:
        return told
    if isinstance(reason, MemoryError) or "out of memory" in str(reason) or "can't allocate memory" in str(reason):
        return UserError(N_("There is not enough memory for this answer. Ask about less text or a smaller model."))
    return UserError(
        N_("The answer broke off with {kind}: {reason}. Details are in {log}."),
        kind=type(reason).__name__, reason=str(reason)[:500], log=log,
    )  # fmt: skip


def too_slow(limit_s: float) -> UserError:
    """Return the message for a question that takes too long."""
    return UserError(N_("This took more than {limit_s:.0f} s and was ended. Ask about less."), limit_s=limit_s)


def nobody_answers(reason: Exception) -> UserError:
    """Return the message for a process that answers and can't be started."""
    if isinstance(reason, TimeoutError):
        return UserError(
            N_("No process that answers could be started: each try hung and was ended. Close other programs or restart the "
               "computer, then ask again.")
        )  # fmt: skip
    if _starter_ended(reason):
        return UserError(
            N_("No process that answers could be started: the process that starts it ended each time. "
               "Restart the app, then ask again.")
        )  # fmt: skip
    return UserError(N_("No process that answers could be started: {reason}."), reason=_said(reason))


def nobody_lives_to_answer(exit_code: int | None, log: str) -> UserError:
    """Return the message for a process that answers and always ends as soon as it has begun."""
    return UserError(
        N_("The process that answers ends as soon as it begins (exit code {code}). What it last said is in {log}."),
        code=exit_code, log=log,
    )  # fmt: skip


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
