"""NumPy's dtypes by every name and code."""

_TABLE = """
bool:        ? | b1 | bool_ bool8 boolean booleans
int8:        b | i1 | byte
int16:       h | i2 | short
int32:       i | i4 | intc
int64:       l q p n | i8 | int int_ intp long longlong
uint8:       B | u1 | ubyte
uint16:      H | u2 | ushort
uint32:      I | u4 | uintc
uint64:      L Q P N | u8 | uint uintp ulong ulonglong
float16:     e | f2 | half half~precision half~float
float32:     f | f4 | single single~precision single~float
float64:     d | f8 | double float float_ double~precision double~float floatdtype
longdouble:  g | f16 | float128 longfloat long~double
complex64:   F | c8 | csingle singlecomplex
complex128:  D | c16 | complex complex_ cfloat cdouble
clongdouble: G | c32 | complex256 clongfloat
object:      O | O8 | object_ obj objects
U0:          U | - | str str_ unicode unicode_ string
S0:          S a | - | bytes bytes_ string_
S1:          c | - | -
V0:          V | - | void
datetime64:  M | - | datetime
timedelta64: m | - | timedelta
StringDType: T | - | stringdtype stringdtype()
"""  # canonical name: letters | codes with bytes | other names (~ is a space)


def _read() -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    letters: dict[str, str] = {}
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in _TABLE.strip().splitlines():
        name, _, spellings = line.partition(":")
        for found, column in zip((letters, codes, names), spellings.split("|"), strict=True):
            found.update(dict.fromkeys(column.replace("-", "").split(), name))
        if not name[0].isupper():
            names[name] = name
    names = {found.replace("~", " "): name for found, name in names.items()}
    return letters, codes, names


BY_LETTER, BY_BYTES, BY_NAME = _read()
"""Canonical names by one-letter code (case matters), by code with bytes, by lower-case name."""
