"""A family about the shapes in machine learning code."""

from typing import TYPE_CHECKING

import msgspec

from content.families.parts import TRIES, Shape, Wrong, enough, one_of, options, shaped, sizes
from content.families.registry import Family
from content.schema import FollowUp, Item

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

_REASONS = {
    "a-layer-keeps-the-features": "The features are summed over; the columns of the weights stay.",
    "a-bias-adds-an-axis": "The bias is broadcast along the rows and adds no axis.",
    "a-layer-transposes": "The batch stays in front.",
    "keepdims-is-the-default": "Without `keepdims=True` the reduced axis is gone.",
    "keepdims-changes-nothing": "With `keepdims=True` the reduced axis stays, with length 1.",
    "axis-names-what-stays": "The axis that is named is the one that goes.",
    "as-many-classes-as-samples": "Each label picks a row of the identity, as long as the classes.",
    "classes-come-first": "The labels come first: one row for each of them.",
    "one-hot-keeps-the-labels-alone": "A row of the identity is picked for each label.",
    "pairs-are-flattened": "A new axis makes a table of pairs; nothing is laid end to end.",
    "differences-pair-rows": "Every sample meets every centre, not its own alone.",
    "the-new-axis-comes-last": "`None` puts the new axis where it stands in the index.",
    "the-last-axis-stays": "The sum over the features takes their axis away.",
    "channels-stay-last": "`transpose` gives the axes in the order named.",
    "transpose-takes-the-inverse": "Entry i of `transpose` names the axis that comes to place i.",
    "flattening-takes-all": "The first axis is named, and -1 takes the others together.",
    "windows-replace-the-image": "The axes of the window come behind the axes of the places.",
    "windows-do-not-overlap": "A window starts at every place where it fits.",
    "a-window-fits-everywhere": "A window of k fits into n at `n - k + 1` places.",
    "scores-are-values": "The features are summed over, which leaves one score for each pair.",
    "batches-are-combined-like-dot": "`@` pairs the batches; it does not combine them.",
    "keys-give-the-rows": "The left operand gives the rows: there is one for each query.",
    "size-adds-the-lengths": "A pixel has a row and a column, so their numbers are multiplied.",
    "paired-indices-keep-an-axis": "The two index arrays replace both axes by the one they have.",
    "heads-come-last": "`transpose` brings the axis of the heads to the place that is named.",
    "splitting-adds-features": "The features are shared out among the heads.",
    "index-lists-make-a-grid": "Two index arrays are paired: one element for each sample.",
    "indices-keep-the-classes": "The second index picks one class in each row.",
}


class _Case(msgspec.Struct, frozen=True):
    """Code that makes `r`, its shape, the mistaken ones, and how it comes about."""

    asked: str
    code: str
    result: Shape
    wrong: tuple[Wrong, ...]
    told: str


def _layers(rng: "np.random.Generator", level: int) -> Item:
    makers: dict[int, tuple[Callable[[np.random.Generator], _Case], ...]]
    makers = {
        1: (_dense, _one_hot, _row_sums, _flat),
        2: (_dense, _distances, _images, _row_sums, _picked),
        3: (_distances, _windows, _scores, _heads, _images),
    }
    for _ in range(TRIES):
        case = makers[level][int(rng.integers(len(makers[level])))](rng)
        wrong = options(str(case.result), case.wrong, _REASONS)
        if enough(wrong):
            break
    return Item(
        topic="applications",
        level=level,  # type: ignore[arg-type]  # 1 to 3
        kind="predict",
        type="shape",
        stem=f"What is the shape of {case.asked}?",
        code=case.code,
        answer="r.shape",
        wrong=wrong,
        hint="Name the axes: which of them are matched, which summed over, which added?",
        rule="Name each axis: a matrix product sums the inner one, an index picks along one, "
        "`None` adds one, a reduction removes one.",
        why=(
            f"The shape is `{case.result}`. {case.told}\n\n"
            "Models are bookkeeping of axes. Give each axis a name, such as samples, features, "
            "classes, and write it beside the shape in a comment. Then every line says what "
            "happens to the names: `@` sums over the inner one, `x[:, None]` makes room for "
            "another one to broadcast against, an index array replaces the axis that it picks "
            "from, `transpose` reorders them, and a reduction removes the one it is told.\n\n"
            "An assertion such as `assert scores.shape == (batch, classes)` costs nothing and "
            "finds the axes that broadcasting would mix up silently."
        ),
        docs="https://numpy.org/doc/stable/user/basics.broadcasting.html",
        follow_up=(
            FollowUp(
                "Why do the samples usually come first?",
                "A batch of samples is then one contiguous block, and `x[i]` is one sample.",
            ),
            FollowUp(
                "Which function spells the names out?",
                "`np.einsum('bd,dk->bk', x, w)` has a letter for each axis.",
            ),
        ),
    )


def _dense(rng: "np.random.Generator") -> _Case:
    n, d, k = sizes(rng, 3, 2, 9)
    return _Case(
        "a layer's output",
        f"x = np.zeros(({n}, {d}))   # samples, features\n"
        f"w, b = np.zeros(({d}, {k})), np.zeros({k})\nr = x @ w + b",
        (n, k),
        (
            shaped("a-layer-keeps-the-features", (n, d)),
            shaped("a-bias-adds-an-axis", (n, k, k)),
            shaped("a-layer-transposes", (k, n)),
        ),
        f"`x @ w` sums over the {d} features and leaves ({n}, {k}); `b` has {k} numbers and is "
        "added to every row.",
    )


def _one_hot(rng: "np.random.Generator") -> _Case:
    k = int(rng.integers(4, 9))
    labels = [int(label) for label in rng.integers(0, k, int(rng.integers(2, 4)))]
    n = len(labels)
    return _Case(
        "a one-hot table",
        f"labels = np.array({labels})\nr = np.eye({k})[labels]",
        (n, k),
        (
            shaped("as-many-classes-as-samples", (n, n)),
            shaped("classes-come-first", (k, n)),
            shaped("one-hot-keeps-the-labels-alone", (n,)),
        ),
        f"The identity has {k} rows, one for each class, and the {n} labels pick {n} of them.",
    )


def _row_sums(rng: "np.random.Generator") -> _Case:
    n, k = sizes(rng, 2, 2, 9)
    kept = one_of(rng, "ab") == "a"
    argument = ", keepdims=True" if kept else ""
    return _Case(
        "the maxima of the rows",
        f"logits = np.zeros(({n}, {k}))   # samples, classes\nr = logits.max(axis=1{argument})",
        (n, 1) if kept else (n,),
        (
            shaped("keepdims-changes-nothing", (n,)),
            shaped("keepdims-is-the-default", (n, 1)),
            shaped("axis-names-what-stays", (1, k) if kept else (k,)),
        ),
        f"`axis=1` reduces the {k} classes, "
        + ("and `keepdims=True` keeps their axis with length 1." if kept else "whose axis goes."),
    )


def _flat(rng: "np.random.Generator") -> _Case:
    n, h, w = sizes(rng, 3, 3, 9)
    return _Case(
        "flattened images",
        f"images = np.zeros(({n}, {h}, {w}))   # images, height, width\n"
        f"r = images.reshape({n}, -1)",
        (n, h * w),
        (
            shaped("flattening-takes-all", (n * h * w,)),
            shaped("size-adds-the-lengths", (n, h + w)),
            shaped("a-layer-transposes", (h * w, n)),
        ),
        f"Each image becomes one row of {h} times {w} pixels.",
    )


def _distances(rng: "np.random.Generator") -> _Case:
    n, k, d = sizes(rng, 3, 2, 9)
    summed = one_of(rng, "ab") == "a"
    line = "r = ((x[:, None] - c) ** 2).sum(axis=2)" if summed else "r = x[:, None] - c"
    models = (
        (
            shaped("the-last-axis-stays", (n, k, d)),
            shaped("axis-names-what-stays", (n, d)),
            shaped("differences-pair-rows", (n,)),
        )
        if summed
        else (
            shaped("the-new-axis-comes-last", (n, d, k)),
            shaped("pairs-are-flattened", (n * k, d)),
            shaped("differences-pair-rows", (n, d)),
        )
    )
    told = f"`x[:, None]` has the shape ({n}, 1, {d}), and beside `c` it broadcasts to all pairs"
    end = ", and the sum takes the features away." if summed else f": ({n}, {k}, {d})."
    return _Case(
        "the distances to all centres" if summed else "the differences to all centres",
        f"x = np.zeros(({n}, {d}))   # samples, features\n"
        f"c = np.zeros(({k}, {d}))   # centres, features\n{line}",
        (n, k) if summed else (n, k, d),
        models,
        told + end,
    )


def _images(rng: "np.random.Generator") -> _Case:
    n, h, w = sizes(rng, 3, 4, 9)
    to_first = one_of(rng, "ab") == "a"
    shape = (n, h, w, 3) if to_first else (n, 3, h, w)
    order = (0, 3, 1, 2) if to_first else (0, 2, 3, 1)
    names = "images, height, width, channels" if to_first else "images, channels, height, width"
    inverse = tuple(order.index(axis) for axis in range(4))
    return _Case(
        "the transposed images",
        f"images = np.zeros({shape})\n# {names}\nr = images.transpose{order}",
        tuple(shape[axis] for axis in order),
        (
            shaped("transpose-takes-the-inverse", tuple(shape[axis] for axis in inverse)),
            shaped("channels-stay-last", shape),
            shaped("a-layer-transposes", shape[::-1]),
        ),
        "`transpose` names for each new place the old axis that comes to it: "
        + ", ".join(f"axis {axis} of {shape[axis]}" for axis in order)
        + ".",
    )


def _picked(rng: "np.random.Generator") -> _Case:
    n, k = sizes(rng, 2, 3, 9)
    labels = [int(label) for label in rng.integers(0, k, n)]
    return _Case(
        "the probabilities of the right classes",
        f"p = np.zeros(({n}, {k}))   # samples, classes\nlabels = np.array({labels})\n"
        f"r = p[np.arange({n}), labels]",
        (n,),
        (
            shaped("index-lists-make-a-grid", (n, n)),
            shaped("indices-keep-the-classes", (n, k)),
            shaped("paired-indices-keep-an-axis", (n, 1)),
        ),
        f"The row numbers and the labels are paired, so {n} elements are picked, one in each row.",
    )


def _windows(rng: "np.random.Generator") -> _Case:
    h, w = sizes(rng, 2, 5, 9)
    k = int(rng.integers(2, 4))
    return _Case(
        "all windows of an image",
        "windows = np.lib.stride_tricks.sliding_window_view\n"
        f"image = np.zeros(({h}, {w}))\nr = windows(image, ({k}, {k}))",
        (h - k + 1, w - k + 1, k, k),
        (
            shaped("windows-replace-the-image", (h - k + 1, w - k + 1)),
            shaped("windows-do-not-overlap", (h // k, w // k, k, k)),
            shaped("a-window-fits-everywhere", (h, w, k, k)),
        ),
        f"A window of {k} fits into {h} rows at {h - k + 1} places, and into {w} columns at "
        f"{w - k + 1}; the axes of the window come behind.",
    )


def _scores(rng: "np.random.Generator") -> _Case:
    b, t, s, d = sizes(rng, 4, 2, 9)
    return _Case(
        "the attention scores",
        f"q = np.zeros(({b}, {t}, {d}))   # batch, queries, features\n"
        f"k = np.zeros(({b}, {s}, {d}))   # batch, keys, features\n"
        "r = q @ k.swapaxes(1, 2)",
        (b, t, s),
        (
            shaped("scores-are-values", (b, t, d)),
            shaped("batches-are-combined-like-dot", (b, t, b, s)),
            shaped("keys-give-the-rows", (b, s, t)),
        ),
        f"The swapped keys have the shape ({b}, {d}, {s}). For each entry of the batch the {d} "
        f"features are summed over, which leaves a score for each of {t} queries and {s} keys.",
    )


def _heads(rng: "np.random.Generator") -> _Case:
    b, t, d = sizes(rng, 3, 3, 9)
    h = 2
    features = h * d
    return _Case(
        "the features split into heads",
        f"x = np.zeros(({b}, {t}, {features}))   # batch, time, features\n"
        f"r = x.reshape({b}, {t}, {h}, -1).transpose(0, 2, 1, 3)",
        (b, h, t, d),
        (
            shaped("heads-come-last", (b, t, h, d)),
            shaped("splitting-adds-features", (b, h, t, features)),
            shaped("transpose-takes-the-inverse", (b, t, d, h)),
        ),
        f"The {features} features become {h} heads of {d}; then the heads change places with the "
        "time.",
    )


ml_shapes = Family(
    id="shapes-of-a-model",
    topic="applications",
    level=2,
    kind="predict",
    title="The shapes that a layer, a one-hot table or distances have",
    make=_layers,
    beliefs=tuple(_REASONS),
)
