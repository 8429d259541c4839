"""Makes NumPy load everything before the files are taken away.

A function that imports something when it is first called would fail in the jail. So each that
may be called is called, with whatever arguments; that most of them raise does not matter.
"""

import contextlib
import importlib
from collections.abc import Callable, Iterable

import numpy as np

from bot.sandbox import vocabulary as words

_MODULES = (
    "numpy.lib.stride_tricks", "numpy.linalg", "numpy.fft", "numpy.ma", "numpy.polynomial",
    "numpy._core._methods", "numpy._core._internal", "numpy._core._dtype",
    "numpy._core._exceptions", "numpy._core.arrayprint", "encodings.ascii", "encodings.latin_1",
)  # fmt: skip


def warm() -> None:
    """Import and call what answers may use."""
    for module in _MODULES:
        with contextlib.suppress(ImportError):
            importlib.import_module(module)
    for function in _functions():
        for arguments in _arguments():
            with contextlib.suppress(Exception):
                function(*arguments)
    for method in sorted(words.METHODS):
        for argument in ((), (0,), ("f4",)):
            with contextlib.suppress(Exception):
                getattr(np.ones((2, 2)), method)(*argument)
    for kind in ("i4", "f4", "c8", "?", "M8[D]", "m8[s]", "U3"):
        with contextlib.suppress(Exception):
            str(np.zeros(3, kind)), np.sort(np.zeros(3, kind)), np.unique(np.zeros(3, kind))


def _functions() -> Iterable[Callable[..., object]]:
    for name in sorted(words.FUNCTIONS | words.UFUNCS | words.DTYPES):
        found = getattr(np, name, None)
        if found is not None:
            yield found
            for method in words.UFUNC_METHODS if isinstance(found, np.ufunc) else ():
                yield getattr(found, method)
    for module, names in ((np.linalg, words.LINALG), (np.fft, words.FFT)):
        yield from (getattr(module, name) for name in sorted(names) if hasattr(module, name))


def _arguments() -> Iterable[tuple[object, ...]]:
    square, line = np.array([[2.0, 1.0], [1.0, 3.0]]), np.array([1.0, 2.0, 3.0])
    yield (square,)
    yield (line,)
    yield (square, square)
    yield (line, line)
    yield (line, 1)
    yield (3,)
    yield ("ij,jk", square, square)
    yield ([square, square],)
