"""The few libpq functions greylag needs, bound with ctypes to the library the psycopg wheel ships.

Why not psycopg itself: ``docs/decisions/0002-libpq-by-ctypes.md``. Connections and results are addresses
(``int``); whoever receives a result frees it with ``clear``.
"""

from __future__ import annotations

import ctypes
import os
import sys
from itertools import chain

from greylag.errors import ConnectError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# ConnStatusType, ExecStatusType, PGTransactionStatusType and field codes of libpq-fe.h
CONNECTION_OK = 0
CONNECTION_BAD = 1
POLLING_FAILED, POLLING_READING, POLLING_WRITING, POLLING_OK = 0, 1, 2, 3
EMPTY_QUERY, COMMAND_OK, TUPLES_OK, COPY_OUT, COPY_IN = 0, 1, 2, 3, 4
FATAL_ERROR = 7
COPY_BOTH, SINGLE_TUPLE, PIPELINE_SYNC, PIPELINE_ABORTED, TUPLES_CHUNK = 8, 9, 10, 11, 12
ERRORS_VERBOSE = 2
ERRORS_DEFAULT = 1
CONNECTION_STARTED = 2
IDLE = 0

_P, _S, _I = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_STRINGS, _INTS = ctypes.POINTER(_S), ctypes.POINTER(_I)
_RECEIVER = ctypes.CFUNCTYPE(None, _P, _P)

_FUNCTIONS: dict[str, tuple[str, object, tuple[object, ...]]] = {
    "connect_start": ("PQconnectStartParams", _P, (_STRINGS, _STRINGS, _I)),
    "connect_poll": ("PQconnectPoll", _I, (_P,)),
    "finish": ("PQfinish", None, (_P,)),
    "status": ("PQstatus", _I, (_P,)),
    "socket": ("PQsocket", _I, (_P,)),
    "error_message": ("PQerrorMessage", _S, (_P,)),
    "set_error_verbosity": ("PQsetErrorVerbosity", _I, (_P, _I)),
    "set_notice_receiver": ("PQsetNoticeReceiver", _P, (_P, _RECEIVER, _P)),
    "set_nonblocking": ("PQsetnonblocking", _I, (_P, _I)),
    "transaction_status": ("PQtransactionStatus", _I, (_P,)),
    "parameter_status": ("PQparameterStatus", _S, (_P, _S)),
    "used_password": ("PQconnectionUsedPassword", _I, (_P,)),
    "backend_pid": ("PQbackendPID", _I, (_P,)),
    "db": ("PQdb", _S, (_P,)),
    "user": ("PQuser", _S, (_P,)),
    "send_query": ("PQsendQuery", _I, (_P, _S)),
    "send_query_params": ("PQsendQueryParams", _I, (_P, _S, _I, _P, _STRINGS, _INTS, _INTS, _I)),
    "send_prepare": ("PQsendPrepare", _I, (_P, _S, _S, _I, _P)),
    "send_query_prepared": ("PQsendQueryPrepared", _I, (_P, _S, _I, _STRINGS, _INTS, _INTS, _I)),
    "get_result": ("PQgetResult", _P, (_P,)),
    "clear": ("PQclear", None, (_P,)),
    "consume_input": ("PQconsumeInput", _I, (_P,)),
    "is_busy": ("PQisBusy", _I, (_P,)),
    "flush": ("PQflush", _I, (_P,)),
    "enter_pipeline_mode": ("PQenterPipelineMode", _I, (_P,)),
    "exit_pipeline_mode": ("PQexitPipelineMode", _I, (_P,)),
    "pipeline_sync": ("PQpipelineSync", _I, (_P,)),
    "send_flush_request": ("PQsendFlushRequest", _I, (_P,)),
    "result_status": ("PQresultStatus", _I, (_P,)),
    "result_error_field": ("PQresultErrorField", _S, (_P, _I)),
    "result_error_message": ("PQresultErrorMessage", _S, (_P,)),
    "cmd_status": ("PQcmdStatus", _S, (_P,)),
    "ntuples": ("PQntuples", _I, (_P,)),
    "nfields": ("PQnfields", _I, (_P,)),
    "ftype": ("PQftype", ctypes.c_uint, (_P, _I)),
    "getvalue": ("PQgetvalue", _P, (_P, _I, _I)),
    "getlength": ("PQgetlength", _I, (_P, _I, _I)),
    "getisnull": ("PQgetisnull", _I, (_P, _I, _I)),
    "put_copy_end": ("PQputCopyEnd", _I, (_P, _S)),
    "get_copy_data": ("PQgetCopyData", _I, (_P, ctypes.POINTER(_P), _I)),
    "free_memory": ("PQfreemem", None, (_P,)),
    "get_cancel": ("PQgetCancel", _P, (_P,)),
    "cancel": ("PQcancel", _I, (_P, _S, _I)),
    "free_cancel": ("PQfreeCancel", None, (_P,)),
}
"""Name here to (name in libpq, result type, argument types)."""


class Libpq:
    """libpq's functions under short names, with their types."""

    connect_start: Callable[[object, object, int], int | None]
    connect_poll: Callable[[int], int]
    finish: Callable[[int], None]
    status: Callable[[int], int]
    socket: Callable[[int], int]
    error_message: Callable[[int], bytes | None]
    set_error_verbosity: Callable[[int, int], int]
    set_notice_receiver: Callable[[int, object, None], int | None]
    set_nonblocking: Callable[[int, int], int]
    transaction_status: Callable[[int], int]
    parameter_status: Callable[[int, bytes], bytes | None]
    used_password: Callable[[int], int]
    backend_pid: Callable[[int], int]
    db: Callable[[int], bytes | None]
    user: Callable[[int], bytes | None]
    send_query: Callable[[int, bytes], int]
    send_query_params: Callable[[int, bytes, int, None, object | None, None, None, int], int]
    send_prepare: Callable[[int, bytes, bytes, int, None], int]
    send_query_prepared: Callable[[int, bytes, int, object, None, None, int], int]
    get_result: Callable[[int], int | None]
    clear: Callable[[int], None]
    consume_input: Callable[[int], int]
    is_busy: Callable[[int], int]
    flush: Callable[[int], int]
    stream_rows: Callable[[int], int]
    enter_pipeline_mode: Callable[[int], int]
    exit_pipeline_mode: Callable[[int], int]
    pipeline_sync: Callable[[int], int]
    send_flush_request: Callable[[int], int]
    result_status: Callable[[int], int]
    result_error_field: Callable[[int, int], bytes | None]
    result_error_message: Callable[[int], bytes | None]
    cmd_status: Callable[[int], bytes | None]
    ntuples: Callable[[int], int]
    nfields: Callable[[int], int]
    ftype: Callable[[int, int], int]
    getvalue: Callable[[int, int, int], int]
    getlength: Callable[[int, int, int], int]
    getisnull: Callable[[int, int, int], int]
    put_copy_end: Callable[[int, bytes | None], int]
    get_copy_data: Callable[[int, object, int], int]
    free_memory: Callable[[object], None]
    get_cancel: Callable[[int], int | None]
    cancel: Callable[[int, object, int], int]
    free_cancel: Callable[[int], None]

    def __init__(self, path: str) -> None:
        """Open the library at ``path``. Raises OSError if it cannot be loaded or lacks a function."""
        library = ctypes.CDLL(path)
        self.version = int(library.PQlibVersion())
        """For example 160004; pipelines need 140000."""
        for name, (symbol, result, arguments) in _FUNCTIONS.items():
            try:
                function = getattr(library, symbol)
            except AttributeError as missing:
                raise OSError(f"{path} is too old: it has no {symbol}") from missing
            function.restype = result
            function.argtypes = arguments
            setattr(self, name, function)
        self.stream_rows = _rows_in_chunks(library)

    def value(self, result: int, row: int, column: int) -> bytes | None:
        """A field of a result, None for NULL."""
        if self.getisnull(result, row, column):
            return None
        return ctypes.string_at(self.getvalue(result, row, column), self.getlength(result, row, column))


def _rows_in_chunks(library: ctypes.CDLL) -> Callable[[int], int]:
    # Chunks (libpq 17) cost far fewer calls per row; few rows each, so that wide ones stay small in memory.
    chunked = getattr(library, "PQsetChunkedRowsMode", None)
    if chunked is None:
        single: Callable[[int], int] = library.PQsetSingleRowMode
        single.argtypes = (_P,)  # type: ignore[attr-defined]
        return single
    chunked.argtypes = (_P, _I)
    return lambda handle: int(chunked(handle, 32))


def _discard_notice(_argument: int | None, _result: int | None) -> None:
    return None


SILENT = _RECEIVER(_discard_notice)
"""A notice receiver that says nothing; libpq's own writes to stderr, and goose shows no notices."""


def strings(values: Sequence[bytes | None]) -> object:
    """A C array of strings that ends in NULL."""
    return (_S * (len(values) + 1))(*values, None)


def in_wheel(path: list[str]) -> Iterator[str]:
    """Places of libpq in the psycopg wheel, along ``path`` (that is ``sys.path``)."""
    for entry in path:
        for folder, ending in (("psycopg_binary.libs", ".so"), ("psycopg_binary/.dylibs", ".dylib")):
            try:
                names = sorted(os.listdir(os.path.join(entry, folder)))
            except OSError:
                continue
            for name in names:
                if name.startswith("libpq") and ending in name:
                    yield os.path.join(entry, folder, name)


_loaded: list[Libpq] = []


def load() -> Libpq:
    """libpq of the psycopg wheel, else the system's. Raises ConnectError where there is none."""
    if _loaded:
        return _loaded[0]
    reasons = []
    for candidate in chain(in_wheel(sys.path), _in_system()):
        try:
            _loaded.append(Libpq(candidate))
        except OSError as error:
            reasons.append(str(error))
        else:
            return _loaded[0]
    said = "; ".join(reasons) or "neither the psycopg wheel nor the system has one"
    message = f"cannot load libpq, PostgreSQL's client library: {said}"
    raise ConnectError(message, driver_text=message, hint="pip install 'psycopg[binary]'")


def _in_system() -> Iterator[str]:
    # A generator: find_library starts compilers and ldconfig, which only a missing wheel is worth.
    from ctypes.util import find_library

    found = find_library("pq")
    if found:
        yield found
