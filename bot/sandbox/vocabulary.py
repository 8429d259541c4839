"""What a submission may say: every name, attribute, method, keyword and string, one by one.

Whatever is not listed does not exist. A name belongs here only if no call of it, with any
arguments that the gate lets through, reads or writes a file, gives a module, calls a Python
function, makes an array of objects, or shows memory that the caller did not fill.
"""


def _names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


CONSTANTS = _names("pi e inf nan newaxis euler_gamma")
"""`np.` names that are values."""

DTYPES = _names(
    """
    bool bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intp uintp int_ uint float16
    float32 float64 complex64 complex128 datetime64 timedelta64 integer signedinteger
    unsignedinteger inexact floating complexfloating number
    """
)
"""`np.` names of types: called, or given where a dtype belongs."""

UFUNCS = _names(
    """
    abs absolute acos acosh add arccos arccosh arcsin arcsinh arctan arctan2 arctanh asin asinh
    atan atan2 atanh bitwise_and bitwise_count bitwise_invert bitwise_left_shift bitwise_not
    bitwise_or bitwise_right_shift bitwise_xor cbrt ceil conj conjugate copysign cos cosh
    deg2rad degrees divide divmod equal exp exp2 expm1 fabs float_power floor floor_divide fmax
    fmin fmod gcd greater greater_equal heaviside hypot invert isfinite isinf isnan isnat lcm
    ldexp left_shift less less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and
    logical_not logical_or logical_xor matmul matvec maximum minimum mod modf multiply negative
    nextafter not_equal positive pow power rad2deg radians reciprocal remainder right_shift rint
    sign signbit sin sinh spacing sqrt square subtract tan tanh true_divide trunc vecdot vecmat
    frexp
    """
)
UFUNC_METHODS = _names("reduce accumulate outer reduceat")

FUNCTIONS = _names(
    """
    all allclose amax amin angle any append arange argmax argmin argpartition argsort argwhere
    around array array_equal array_equiv array_split asarray ascontiguousarray asfortranarray
    astype atleast_1d atleast_2d atleast_3d average bartlett bincount blackman block
    broadcast_arrays broadcast_shapes broadcast_to busday_count busday_offset can_cast choose
    clip column_stack compress concat concatenate convolve copy corrcoef correlate
    count_nonzero cov cross cumprod cumsum cumulative_prod cumulative_sum delete diag
    diag_indices diag_indices_from diagflat diagonal diff digitize dot dsplit dstack ediff1d
    einsum expand_dims extract eye fix flatnonzero flip fliplr flipud full full_like geomspace
    gradient hamming hanning histogram histogram2d histogram_bin_edges hsplit hstack hypot i0
    identity imag indices inner insert interp intersect1d is_busday isclose iscomplex
    iscomplexobj isdtype isin isneginf isposinf isreal isrealobj isscalar issubdtype ix_ kaiser
    kron lexsort linspace logspace mask_indices matrix_transpose max mean median meshgrid min
    moveaxis nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean
    nanmedian nanmin nanpercentile nanprod nanquantile nanstd nansum nanvar ndim nonzero ones
    ones_like outer packbits pad partition percentile permute_dims poly polyadd polyder polydiv
    polyfit polyint polymul polysub polyval prod promote_types ptp quantile ravel
    ravel_multi_index real real_if_close repeat reshape resize result_type roll rollaxis roots
    rot90 round searchsorted select setdiff1d setxor1d shape sinc size sort sort_complex split
    squeeze stack std sum swapaxes take take_along_axis tensordot tile trace transpose trapezoid
    tri tril tril_indices tril_indices_from trim_zeros triu triu_indices triu_indices_from
    union1d unique unique_all unique_counts unique_inverse unique_values unpackbits
    unravel_index unstack unwrap vander var vdot vsplit vstack where zeros zeros_like dtype
    finfo iinfo may_share_memory shares_memory
    """
)
"""`np.` functions, always called."""

LINALG = _names(
    """
    cholesky cond cross det diagonal eig eigh eigvals eigvalsh inv lstsq matmul matrix_norm
    matrix_power matrix_rank matrix_transpose multi_dot norm outer pinv qr slogdet solve svd
    svdvals tensordot tensorinv tensorsolve trace vecdot vector_norm
    """
)
FFT = _names(
    """
    fft fft2 fftfreq fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn
    rfft rfft2 rfftfreq rfftn
    """
)
DOTTED = frozenset({"np.lib.stride_tricks.sliding_window_view"})
"""Functions that live deeper, by their whole name."""

SUBSCRIPTED = _names("c_ mgrid ogrid r_")
"""`np.` objects that are only ever indexed."""

MUTATORS = _names("copyto fill_diagonal place put put_along_axis putmask")
"""`np.` functions that write into their first argument: statements of a `solve` only."""

METHODS = _names(
    """
    all any argmax argmin argpartition argsort astype choose clip compress conj conjugate copy
    cumprod cumsum diagonal dot flatten max mean min nonzero prod ravel reshape
    round searchsorted squeeze std sum swapaxes take trace transpose var view
    """
)
LAST_METHODS = _names("item tolist")
"""Methods that give Python's own objects, of dates too: nothing may be made of these."""

PROPERTIES = _names(
    """
    T mT dtype flat imag itemsize nbytes ndim real shape size strides
    """
)
OF_LIMITS = _names("bits eps max min resolution smallest_normal tiny")
"""What `np.finfo(…)` and `np.iinfo(…)` tell."""
OF_DTYPE = _names("char itemsize kind name")
"""What a dtype tells, in a comparison."""
OF_RESULTS = _names(
    """
    counts eigenvalues eigenvectors indices inverse_indices inverse_counts logabsdet Q R S U Vh
    sign values
    """
)
"""Fields of the named tuples that some functions give."""

CALLED = _names(
    """
    abs all any bool complex divmod float int len list max min pow range round sorted sum tuple
    """
)
"""Built-in functions that may be called."""
TYPES = _names("bool complex float int")
"""Built-in types that may be given where a dtype belongs."""

KEYWORDS = _names(
    """
    M N UPLO a a_max a_min append arrays assume_unique atol axes axis axis1 axis2 aweights b
    base bias bins choicelist compute_uv condlist constant_values copy correction ddof decimals
    default deg density destination dims dtype dx edge_order end_values endpoint equal_nan
    fill_value full_matrices fweights hermitian include_initial increasing indexing indices
    indices_or_sections initial invert keepdims kind k left m max method min minlength mode n
    nan ndmin neginf newshape norm num obj offset optimize ord order p pad_width period posinf
    prepend q range rcond repeats reps retstep return_counts return_index return_inverse
    returned right rowvar rtol s sections shape shift side sorted sorter source sparse stable
    start stat_length step stop tol trim unit v values weights where window_shape x x1 x2 y
    """
)

UNITS_OF = _names("datetime64 timedelta64")
"""Functions whose second argument is a unit."""

TAKES_DATES = _names("busday_count busday_offset datetime64 dtype is_busday timedelta64")
"""Functions whose first argument may be a string."""

MAKES_DATES = _names("arange array asarray")
"""Functions that make an array of dates of strings, where their dtype says so."""

TAKES_WORDS = _names(
    """
    argpartition argsort busday_count busday_offset cond convolve copy correlate datetime64 dtype
    eigh eigvalsh fft flatten histogram histogram_bin_edges ifft is_busday norm pad partition qr
    ravel reshape searchsorted sort timedelta64 trim_zeros
    """
)
"""Where a string may stand without a keyword; elsewhere arrays could be made of its letters."""

LITERAL = _names("UPLO casting indexing kind method mode norm order side trim unit")
"""Keywords whose value is written out, so that it cannot be put together from pieces."""

WORDY = _names("bins optimize ord")
"""Keywords that take a word or a number."""

REDUCTIONS = _names(
    """
    all amax amin any max mean min nanmax nanmean nanmin nanprod nanstd nansum nanvar prod reduce
    std sum var
    """
)
"""Where `where=` leaves elements out; elsewhere it leaves places that nobody fills."""

MOST_POSITIONAL: dict[str, int] = {
    **dict.fromkeys(
        _names(
            """
            all amax amin any argmax argmin around choose concat concatenate copy cumprod cumsum
            dot max mean median min nanargmax nanargmin nancumprod nancumsum nanmax nanmean
            nanmedian nanmin nanprod nanstd nansum nanvar outer prod ptp round stack std sum
            var broadcast_to array asarray identity ones ones_like zeros zeros_like
            """
        ),
        2,
    ),
    **dict.fromkeys(
        _names(
            "arange clip compress eye full full_like nanpercentile nanquantile pad percentile "
            "quantile take tri"
        ),
        3,
    ),
    **dict.fromkeys(_names("ascontiguousarray asfortranarray fix indices isneginf isposinf"), 1),
    "trace": 4,
    "geomspace": 4,
    "linspace": 5,
    "logspace": 5,
    "busday_count": 2,
    "busday_offset": 3,
    "is_busday": 1,
    "can_cast": 2,
    "astype": 2,
    "dtype": 1,
    "require": 1,
    "reduce": 2,
    "accumulate": 2,
    "outer": 2,
    "reduceat": 3,
    "einsum": 20,
}
"""`np.` functions whose further arguments are dtypes, outputs or modes: these go by keyword."""

MOST_POSITIONAL_OF_METHODS: dict[str, int] = {
    **dict.fromkeys(
        _names(
            "all any argmax argmin astype choose copy cumprod cumsum dot max mean min prod round "
            "std sum var view"
        ),
        1,
    ),
    "clip": 2,
    "compress": 2,
    "take": 2,
    "trace": 3,
}
"""The same of methods."""

NONE_FOR = _names(
    """
    a_max a_min axes axis copy dims dtype max min n norm optimize ord order period rcond s
    sorter stable tol weights initial ddof
    """
)
"""Keywords that None may be given for; elsewhere it could become an object in an array."""

DTYPE_AT: dict[str, int] = {
    "array": 1, "asarray": 1, "zeros": 1, "ones": 1, "zeros_like": 1, "ones_like": 1,
    "full": 2, "full_like": 2, "identity": 1, "astype": 1, "dtype": 0, "finfo": 0, "iinfo": 0,
}  # fmt: skip
"""`np.` functions that take a dtype by position, and which; methods have theirs first."""
DTYPE_METHODS = frozenset({"astype", "view"})
DTYPE_ALL = _names("can_cast isdtype issubdtype promote_types result_type")

_UNITS = _names("Y M W D h m s ms us ns")
_CODES = _names("b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16 M8 m8")
_DTYPE_NAMES = _names(
    """
    bool int int8 int16 int32 int64 uint uint8 uint16 uint32 uint64 float float16 float32
    float64 complex complex64 complex128 datetime64 timedelta64 intp uintp ? b h i l q B H I L Q
    e f d F D
    """
)

DTYPE_STRINGS = frozenset(
    [
        *_DTYPE_NAMES,
        *(order + code for order in ("", "<", ">", "=") for code in _CODES),
        *(f"{name}[{unit}]" for name in ("datetime64", "timedelta64", "M8", "m8", "<M8", "<m8")
          for unit in _UNITS),
    ]
)  # fmt: skip
"""Every dtype that may be named by a string."""

WORDS = _names(
    """
    C F A K valid same full constant edge linear_ramp maximum mean median minimum reflect
    symmetric wrap clip raise left right linear lower higher midpoint nearest inverted_cdf
    averaged_inverted_cdf closest_observation interpolated_inverted_cdf hazen weibull
    median_unbiased normal_unbiased quicksort mergesort heapsort stable fro nuc ortho forward
    backward ij xy f b fb L U reduced complete greedy optimal auto fd doane scott stone rice
    sturges sqrt no equiv safe same_kind unsafe numeric integral bool
    """
).union(_UNITS, ["signed integer", "unsigned integer", "real floating", "complex floating"])
"""Other strings that functions take, such as `mode="edge"`."""
