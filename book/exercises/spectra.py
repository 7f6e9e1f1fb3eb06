"""The exercises of the chapter on spectra."""

from book.exercises.exercise import Exercise
from theory import spectra

largest = Exercise(
    name="largest",
    title="the largest eigenvalue",
    claim=spectra.outlier,
    question="You have {alpha} examples per input of a layer with {N} inputs. The inputs are "
    "independent, each of mean {m} and variance {v}. How large is the largest eigenvalue of R?",
    values={"N": 320, "alpha": 1.25, "m": 0.04, "v": 0.9},
    why="Here N m^2 does not exceed v/sqrt alpha, so no eigenvalue leaves the bulk. The largest is "
    "its upper end, v(1 + sqrt alpha)^2/alpha.",
    hint="Compute N m^2 first. Does N m^2 exceed v/sqrt alpha?",
    mistakes={
        "population value N m^2 + v": "This is the value for infinitely many examples. With few "
        "examples the noise of the sample makes larger eigenvalues than the mean does.",
        "no threshold": "This formula holds above the threshold. Below the threshold there is no "
        "outlier, and the largest eigenvalue stays at the end of the bulk.",
    },
    ranges={"N": (100, 400), "alpha": (0.4, 3), "m": (0.01, 0.08), "v": (0.5, 2)},
)

condition = Exercise(
    name="condition",
    title="what centring leaves",
    claim=spectra.centring,
    question="You subtract the sample means of your inputs, so there is no outlier. You have "
    "{alpha} examples per input. What is the condition number of the covariance?",
    values={"alpha": 2},
    why="It is ((sqrt alpha + 1)/(sqrt alpha - 1))^2. The bulk keeps a condition number, so one "
    "rate does not serve all directions equally.",
    hint="The condition number is the ratio of the two ends of the bulk.",
    mistakes={
        "its square root": "This is the root of the condition number. The ends of the bulk are "
        "squares, and so is their ratio.",
        "equal rates, 1": "This would be the condition number for infinitely many examples. With "
        "finitely many the bulk has a width.",
    },
    ranges={"alpha": (1.3, 10)},
)

threshold = Exercise(
    name="threshold",
    title="the smallest mean that shows",
    claim=spectra.threshold,
    question="A layer has {N} independent Gaussian inputs of variance {v}, all with the same mean, "
    "and you have {p} examples. How large must the mean be before an eigenvalue leaves the bulk?",
    values={"N": 320, "p": 400, "v": 0.9},
    why="An eigenvalue leaves the bulk where N m^2 = v/sqrt alpha with alpha = p/N. So the mean is "
    "sqrt(v)/(N p)^(1/4).",
    hint="Solve N m^2 = v/sqrt alpha for m, with alpha = p/N.",
    mistakes={
        "where N m^2 = v": "There the mean is as large as the noise of infinitely many "
        "examples. The number of examples moves the threshold.",
        "where N m^2 exceeds the upper edge of the noise": "The noise adds to the outlier, so the "
        "mean need not reach the end of the bulk alone.",
    },
    ranges={"N": (50, 400), "p": (80, 2000), "v": (0.5, 3)},
)

rate = Exercise(
    name="rate",
    title="the best rate",
    claim=spectra.bulk_rate,
    part="eta",
    question="Your inputs are independent, of mean zero and variance {v}, and you have {alpha} "
    "examples per input. Which fixed rate of descent is best?",
    values={"alpha": 4, "v": 1},
    why="The best rate is one over the middle of the bulk, alpha/(v (1 + alpha)). It overshoots in "
    "steep directions and gains in flat ones.",
    hint="The best rate is two over the sum of the two ends of the bulk.",
    mistakes={
        "one over the upper edge": "This rate never overshoots, and it is slow in the flat "
        "directions. The best rate is larger.",
    },
    ranges={"alpha": (0.5, 10), "v": (0.25, 4)},
)

EXERCISES = (largest, condition, threshold, rate)
