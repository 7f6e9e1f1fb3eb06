"""The exercises of the chapter on the quadratic loss."""

from book.exercises.exercise import Exercise
from theory import quadratic

steps = Exercise(
    name="steps",
    title="how many steps a mode needs",
    claim=quadratic.time_constant,
    question="Along an eigenvector of the Hessian the eigenvalue is {lam}, and the learning rate "
    "is {eta}. In how many steps does the displacement from the minimum shrink by the factor e?",
    values={"lam": 1.5, "eta": 0.4},
    why="Each step multiplies the displacement by 1 - eta lam, so the answer is "
    "-1/ln|1 - eta lam|.",
    hint="Each step multiplies the displacement by 1 - eta lam.",
    mistakes={
        "printed: 1/(eta lam)": "This is the answer for small steps. A step of descent takes away "
        "more than gradient flow does in the same time.",
        "of the loss, which shrinks twice as fast": "The loss is a square, so it shrinks twice as "
        "fast as the displacement.",
    },
    ranges={"lam": (0.2, 2), "eta": (0.1, 0.9)},
)

left = Exercise(
    name="left",
    title="what is left after some steps",
    claim=quadratic.decay,
    question="Along an eigenvector of the Hessian the eigenvalue is {lam}, and the learning rate "
    "is {eta}. Which share of the displacement is left after {k} steps? Give its sign too.",
    values={"lam": 1.5, "eta": 0.4, "k": 3},
    why="Each step multiplies the displacement by 1 - eta lam, which is negative where descent "
    "overshoots.",
    hint="Multiply k factors 1 - eta lam.",
    mistakes={
        "gradient flow exp(-eta lam k)": "This is gradient flow, the limit of small steps. A step "
        "of this size gets further.",
        "gradient twice too large": "The Hessian of the loss is R and not 2R, so a step goes "
        "eta lam of the way and not 2 eta lam.",
    },
    ranges={"lam": (0.2, 2), "eta": (0.1, 0.9), "k": (2, 5)},
)

EXERCISES = (steps, left)
