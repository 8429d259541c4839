"""A family about `convolve` and `correlate`."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from content.families.parts import TRIES, Wrong, enough, is_chosen, listed, options, shaped
from content.families.registry import Family
from content.schema import FollowUp, Item, Option

if TYPE_CHECKING:
    import numpy as np

_REASONS = {
    "correlation-is-convolution": "`convolve` turns the kernel round, `correlate` does not.",
    "convolve-keeps-the-length": "That is `mode='same'`; the default of `convolve` is `'full'`.",
    "valid-is-the-default": "`'valid'` has to be asked for; the default of `convolve` is `'full'`.",
    "full-is-the-only-mode": "The mode cuts off the places where the kernel sticks out.",
    "the-lengths-add-up": "The first overlap shares one element: `n + k - 1`.",
    "valid-loses-a-whole-kernel": "The last place of the kernel counts too: `n - k + 1`.",
    "convolution-multiplies-elements": "Each result is a sum of products over the kernel.",
}
_Mode = Literal["full", "same", "valid"]


def _convolution(rng: "np.random.Generator", level: int) -> Item:
    lengths = level == 1 or is_chosen(rng, 0.4)
    return _length(rng, level) if lengths else _values(rng, level)


def _mode(rng: "np.random.Generator") -> _Mode:
    modes: tuple[_Mode, ...] = ("full", "same", "valid")
    return modes[int(rng.integers(3))]


def _written(name: str, mode: _Mode) -> str:
    default = "full" if name == "convolve" else "valid"
    return "" if mode == default else f', mode="{mode}"'


def _length(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    n, k = int(rng.integers(10, 100)), int(rng.integers(3, 9))
    mode = _mode(rng)
    result = np.convolve(np.ones(n), np.ones(k), mode).shape

    def models() -> Iterator[Wrong]:
        if mode == "full":
            yield shaped("the-lengths-add-up", (n + k,))
            yield shaped("convolve-keeps-the-length", (n,))
            yield shaped("valid-is-the-default", (n - k + 1,))
        else:
            yield shaped("full-is-the-only-mode", (n + k - 1,))
            yield shaped("valid-loses-a-whole-kernel", (n - k,))
            yield shaped("convolve-keeps-the-length", (n,))

    told = {
        "full": f"In the mode `full`, the default, every place counts at which the kernel touches "
        f"the signal: {n} + {k} - 1 of them.",
        "same": f"The mode `same` keeps the length of the longer one, {n}, and leaves out the "
        "outermost places.",
        "valid": f"The mode `valid` keeps the places at which the whole kernel lies within the "
        f"signal: {n} - {k} + 1 of them.",
    }[mode]
    written = f"np.convolve(signal, kernel{_written('convolve', mode)})"
    return _item(
        level,
        stem=f"How long is `{written}`?",
        code=f"signal, kernel = np.ones({n}), np.ones({k})\nr = {written}",
        answer="r.shape",
        kind="shape",
        wrong=options(str(result), models(), _REASONS),
        told=f"The shape is `{result}`. {told}",
    )


def _values(rng: "np.random.Generator", level: int) -> Item:
    import numpy as np  # noqa: PLC0415  # importing the families must not import it

    for _ in range(TRIES):
        a = rng.integers(0, 6, 4)
        kernel = rng.permutation(range(4))[: 2 if level == 2 else 3]  # noqa: PLR2004  # the middle level
        name = "convolve" if level == 2 or is_chosen(rng, 0.5) else "correlate"  # noqa: PLR2004  # the middle level
        mode = _mode(rng)
        if name == "convolve":
            result, other = np.convolve(a, kernel, mode), np.correlate(a, kernel, mode)
            rest = np.convolve(a, kernel, "valid" if mode == "full" else "full")
        else:
            result, other = np.correlate(a, kernel, mode), np.convolve(a, kernel, mode)
            rest = np.correlate(a, kernel, "valid" if mode == "full" else "full")
        wrong = options(listed(result), _value_models(name, mode, a, kernel, other, rest), _REASONS)
        if enough(wrong) and kernel[0] != kernel[-1] and len(set(a.tolist())) > 2:  # noqa: PLR2004  # not all alike
            break
    written = f"np.{name}(a, v{_written(name, mode)})"
    turned = kernel[::-1].tolist() if name == "convolve" else kernel.tolist()
    how = (
        f"`convolve` turns the kernel round to `{turned}` and moves it along `a`"
        if name == "convolve"
        else f"`correlate` moves the kernel along `a` as it is, `{turned}`"
    )
    return _item(
        level,
        stem=f"What does `{written}` give?",
        code=f"a, v = np.array({a.tolist()}), np.array({kernel.tolist()})\nr = {written}",
        answer="r",
        kind="array",
        wrong=wrong,
        told=f"`r` is `{result.tolist()}`. {how}; at each place the products are added up. The "
        f"mode `{mode}` keeps {len(result)} places.",
    )


def _value_models(
    name: str,
    mode: _Mode,
    a: "np.ndarray",
    kernel: "np.ndarray",
    other: "np.ndarray",
    rest: "np.ndarray",
) -> Iterator[Wrong]:
    yield Wrong("correlation-is-convolution", listed(other))
    if mode == "full" and name == "convolve":
        yield Wrong("valid-is-the-default", listed(rest))
    elif mode != "full":
        yield Wrong("full-is-the-only-mode", listed(rest))
    yield Wrong("convolution-multiplies-elements", listed(a[: len(kernel)] * kernel))


def _item(
    level: int,
    *,
    stem: str,
    code: str,
    answer: str,
    kind: Literal["shape", "array"],
    wrong: tuple[Option, ...],
    told: str,
) -> Item:
    return Item(
        topic="applications",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type=kind,
        stem=stem,
        code=code,
        answer=answer,
        wrong=wrong,
        hint="Lay the kernel at the beginning of the signal. At which places is it kept?",
        rule="`convolve` turns the kernel round and keeps `n + k - 1` places; `same` keeps `n`, "
        "`valid` `n - k + 1`.",
        why=(
            f"{told}\n\n"
            "With a signal of n and a kernel of k elements, `full` has n + k - 1 places, `same` "
            "the longer of n and k, and `valid` n - k + 1, where the kernel does not stick out. "
            "`np.convolve` is `full` by default, `np.correlate` is `valid`. A convolution turns "
            "the kernel round first, as it does in the product of two polynomials, which is what "
            "`full` computes on coefficients. For a symmetric kernel both functions agree.\n\n"
            "A moving average is `np.convolve(x, np.ones(k) / k, mode='valid')`: with the other "
            "modes the ends are averages with zeros."
        ),
        docs="https://numpy.org/doc/stable/reference/generated/numpy.convolve.html",
        covers=(43,),
        follow_up=(
            FollowUp(
                "Which is faster for long kernels?",
                "A convolution by FFT: its cost grows with n log n, not with n times k.",
            ),
            FollowUp(
                "What do layers called convolution in neural networks compute?",
                "A cross-correlation: the kernel is learned, so it is not turned round.",
            ),
        ),
    )


conv_len = Family(
    id="convolve-or-correlate",
    topic="applications",
    level=2,
    kind="predict",
    title="Length and values of a convolution",
    make=_convolution,
    beliefs=tuple(_REASONS),
    covers=(43,),
)
