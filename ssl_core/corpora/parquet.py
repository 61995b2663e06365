"""Reading the text of a Parquet file, without trusting the sizes it claims."""

from collections.abc import Iterator
from typing import Any

from ssl_core.corpora.tables import Table, check_cell, choose_column
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_UNPACKED_BYTES = 64 * 2**20
_BATCH_ROWS = 64  # few, so that a small file that unpacks to a huge one is noticed early


def read_parquet(data: bytes, text_column: str | None) -> Table:
    """Read the text column of a Parquet file; of its other columns of strings only the first rows.

    Raises: UserError if the file is damaged, has no such column, or unpacks to more than 64 MB.
    """
    import pyarrow as pa  # 0.2 s that only Parquet costs

    try:
        return _read(data, text_column)
    except (pa.ArrowException, OSError, ValueError, LookupError, NotImplementedError) as error:
        raise UserError(
            N_("This file can't be read as Parquet; it may be damaged. Save it again, or as CSV. ({reason})"),
            reason=str(error).splitlines()[0][:120] if str(error) else type(error).__name__,
        ) from error


def _read(data: bytes, text_column: str | None) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = pq.ParquetFile(pa.BufferReader(data))
    if _claimed_bytes(file.metadata) > MAX_UNPACKED_BYTES:
        raise _too_much()
    names = [field.name for field in file.schema_arrow if _is_text(field.type)]
    nested = [field.name for field in file.schema_arrow if pa.types.is_nested(field.type)]
    if nested and not names:
        raise UserError(
            N_("The texts of this file are inside nested columns ({names}). Put them into a column of their own."),
            names=", ".join(nested)[:200],
        )
    first_rows = next(file.iter_batches(batch_size=_BATCH_ROWS, columns=names), None) if names else None
    columns: dict[str, list[str | None]] = first_rows.to_pydict() if first_rows is not None else {}
    chosen = choose_column(columns, text_column)
    return Table(columns | {chosen: list(_cells(file, chosen))})


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    inner = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(inner) or types.is_large_string(inner) or types.is_string_view(inner))


def _claimed_bytes(metadata: Any) -> int:
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    return sum(group.total_byte_size for group in groups)


def _cells(file: Any, column: str) -> Iterator[str | None]:
    num_characters, row = 0, 0
    for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=[column]):
        for cell in batch.column(0).to_pylist():
            row += 1
            check_cell(cell, row)
            num_characters += len(cell or "")
            yield cell
        if num_characters > MAX_UNPACKED_BYTES:
            raise _too_much()


def _too_much() -> UserError:
    return UserError(
        N_("Unpacked, this file holds more than {limit} MB. Keep only the text column, or fewer rows."),
        limit=MAX_UNPACKED_BYTES // 2**20,
    )
