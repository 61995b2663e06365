"""Reading the text of a Parquet file, without trusting the sizes it claims."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ssl_core.corpora import names, tables
from ssl_core.corpora.tables import Table
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_UNPACKED_BYTES = 64 * 2**20
_BATCH_ROWS = 64  # few, so that a small file that unpacks to a huge one is noticed early


def read_parquet(data: bytes) -> Table:
    """Look through the columns of texts of a Parquet file.

    Raises: UserError if the file is damaged, or unpacks to more than 64 MB.
    """
    import pyarrow as pa  # 0.2 s that only Parquet costs
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(data), pre_buffer=False)
        tables.check_columns(file.metadata.num_columns)
        if _claimed_bytes(file.metadata) > MAX_UNPACKED_BYTES or file.metadata.num_rows > tables.MAX_CELLS:
            raise _too_much()
        return tables.of_rows(ParquetRows(file))
    except MemoryError:  # Arrow's own is an ArrowException as well
        raise
    except (pa.ArrowException, OSError, ValueError, LookupError, NotImplementedError, OverflowError) as error:
        raise UserError(
            N_("This file can't be read as Parquet; it may be damaged. Save it again, or as CSV. ({reason})"),
            reason=str(error).splitlines()[0][:120] if str(error) else type(error).__name__,
        ) from error


@dataclass(slots=True)
class ParquetRows:
    """Rows of a Parquet file."""

    file: Any

    def names(self) -> list[str]:
        """Return the names of all columns."""
        return names.distinct(field.name for field in self._fields())

    def refusal(self) -> UserError | None:
        """Say that texts are nested, or kept as bytes, if they are."""
        import pyarrow.types as types

        binary = [field.name for field in self._fields() if types.is_binary(field.type) or types.is_large_binary(field.type)]
        if binary:
            return UserError(
                N_(
                    "The columns {names} hold bytes, not text. Save them as strings, in pandas with "
                    'table["text"] = table["text"].str.decode("utf-8"), and try again.'
                ),
                names=", ".join(names.distinct(binary))[:200],
            )
        nested = [field.name for field in self._fields() if types.is_nested(field.type)]
        if nested:
            return UserError(
                N_("The texts of this file are inside nested columns ({names}). Put them into a column of their own."),
                names=", ".join(names.distinct(nested))[:200],
            )
        return None

    def rows(self) -> Iterator[Iterable[tuple[int, str | None]]]:
        """Give the cells of all columns of strings, few rows at a time."""
        places = [place for place, field in enumerate(self._fields()) if _is_text(field.type)]
        if not places:
            return
        columns = [self._fields()[place].name for place in places]
        num_characters = 0
        for batch in self.file.iter_batches(batch_size=_BATCH_ROWS, columns=columns, use_threads=False):
            cells = [batch.column(number).to_pylist() for number in range(len(places))]
            for row in zip(*cells, strict=True):
                num_characters += sum(len(cell) for cell in row if cell)
                yield zip(places, row, strict=True)
            if num_characters > MAX_UNPACKED_BYTES:
                raise _too_much()

    def _fields(self) -> list[Any]:
        return list(self.file.schema_arrow)


def _is_text(kind: Any) -> bool:
    import pyarrow.types as types

    inner = kind.value_type if types.is_dictionary(kind) else kind
    return bool(types.is_string(inner) or types.is_large_string(inner) or types.is_string_view(inner))


def _claimed_bytes(metadata: Any) -> int:
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    return sum(group.total_byte_size for group in groups)


def _too_much() -> UserError:
    return UserError(
        N_("Unpacked, this file holds more than {limit} MB. Keep only the text column, or fewer rows."),
        limit=MAX_UNPACKED_BYTES // 2**20,
    )
