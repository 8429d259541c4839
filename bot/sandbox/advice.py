"""What to write instead of what is not allowed."""

from collections.abc import Iterable
from difflib import get_close_matches

_ADVICE = {
    "`np.zeros` gives an array that is filled": "empty empty_like",
    "work on whole arrays, with `axis=`, broadcasting or `np.where`": (
        "vectorize frompyfunc apply_along_axis apply_over_axes fromfunction piecewise map filter "
        "fromiter"
    ),
    "answers have no files; the inputs are there as variables": (
        "load save savez savez_compressed savetxt loadtxt genfromtxt memmap fromfile tofile dump "
        "dumps open DataSource fromregex recfromcsv recfromtxt open_memmap"
    ),
    "memory is out of reach; `sliding_window_view` gives windows": (
        "as_strided frombuffer fromstring tobytes tostring ctypes base data getfield setfield "
        "setflags byteswap byte_bounds ndarray"
    ),
    "`np.{name}(x)` gives a copy and leaves the input alone": "sort partition",
    "make a new array, as with `np.where`; inputs stay as they are": (
        "fill put itemset resize place putmask copyto fill_diagonal put_along_axis at"
    ),
    "`np.repeat(x, n)` does the same": "repeat",
    "use a type of numbers, such as `float`": "object object_ void generic",
    "an answer gives the same for the same input": "random default_rng",
    "a plain array and `@` do the same": "matrix asmatrix bmat ma",
    "NumPy 2 has another name for it": ("trapz in1d row_stack product alltrue sometrue cumproduct"),
    "write the value itself; it is shown to you": "print input",
    "write what you want to compute": (
        "eval exec compile getattr setattr globals locals vars type isinstance hasattr dir id"
    ),
    "work on whole arrays at once": "zip enumerate reversed iter next ndindex ndenumerate nditer",
    "write `np.`": "numpy",
    "`np.` has it too": "math",
    "write the index where it belongs": "s_ slice",
    "`np.unique` does that": "set",
    "texts are not needed here": "str",
}
"""What to use, and the names that it stands for."""

_INSTEAD = {name: advice for advice, names in _ADVICE.items() for name in names.split()}

_KEYWORDS = {
    "out": "write `x = …` in place of it, or just the expression",
    "like": "call the function without it",
    "key": "sort with `np.argsort` and an index",
    "writeable": "a window can only be read here",
    "where": "it leaves gaps that nobody fills; `np.where(condition, x, y)` fills them",
    "type": "give a dtype only",
}


def instead(name: str) -> str:
    """What to use in place of a name that is not allowed, as a clause; empty where unknown."""
    return _INSTEAD.get(name, "").format(name=name)


def instead_of_keyword(name: str) -> str:
    """The same for a keyword."""
    return _KEYWORDS.get(name, "")


def near(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like it; empty where none does."""
    return next(iter(get_close_matches(name, sorted(known), 1, 0.75)), "")
