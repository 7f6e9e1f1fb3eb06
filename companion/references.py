"""The one list of sources. A citation is a key of this list with a section or an equation."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """A source: who, when, what, where."""

    authors: str
    year: int | None
    title: str
    where: str


@dataclass(frozen=True)
class Citation:
    """A place in a source of ``REFERENCES``."""

    key: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.key}, {self.place}" if self.place else self.key


REFERENCES = {
    # The five source texts
    "page2019": Reference(
        "D. Page", 2019, "How to Train Your ResNet 7: Batch Norm", "Myrtle.ai blog"
    ),
    "rethinking": Reference(
        "unsigned", None, "Rethinking Batch Normalization", "web article on santurkar2018"
    ),
    "whybatchnorm": Reference(
        "unsigned", None, "Why BatchNorm works", "web article in 'Deep Learning on Medium'"
    ),
    "grosse2021": Reference(
        "R. Grosse",
        2021,
        "Neural Net Training Dynamics, Lecture 5: Adaptive Gradient Methods, Normalization, "
        "and Weight Decay",
        "University of Toronto, CSC2541",
    ),
    "oxford2021": Reference(
        "unsigned",
        2021,
        "Effect of Batch Normalization on Loss Landscape",
        "report, Department of Mathematics, University of Oxford",
    ),
    # What they rest on, and what goes beyond them
    "baikbenarouspeche2005": Reference(
        "J. Baik, G. Ben Arous, S. Peche",
        2005,
        "Phase transition of the largest eigenvalue for nonnull complex sample covariance matrices",
        "Annals of Probability 33(5)",
    ),
    "baisilverstein2004": Reference(
        "Z. D. Bai, J. W. Silverstein",
        2004,
        "CLT for linear spectral statistics of large-dimensional sample covariance matrices",
        "Annals of Probability 32(1A)",
    ),
    "benaychgeorges2012": Reference(
        "F. Benaych-Georges, R. R. Nadakuditi",
        2012,
        "The singular values and vectors of low rank perturbations of large rectangular random "
        "matrices",
        "Journal of Multivariate Analysis 111",
    ),
    "dumitriuedelman2002": Reference(
        "I. Dumitriu, A. Edelman",
        2002,
        "Matrix models for beta ensembles",
        "Journal of Mathematical Physics 43",
    ),
    "ghorbani2019": Reference(
        "B. Ghorbani, S. Krishnan, Y. Xiao",
        2019,
        "An Investigation into Neural Net Optimization via Hessian Eigenvalue Density",
        "ICML, arXiv:1901.10159",
    ),
    "hornjohnson2013": Reference(
        "R. A. Horn, C. R. Johnson", 2013, "Matrix Analysis", "Cambridge University Press"
    ),
    "johnstone2001": Reference(
        "I. M. Johnstone",
        2001,
        "On the distribution of the largest eigenvalue in principal components analysis",
        "Annals of Statistics 29(2)",
    ),
    "lecun1991": Reference(
        "Y. LeCun, I. Kanter, S. A. Solla",
        1991,
        "Eigenvalues of covariance matrices: Application to neural-network learning",
        "Physical Review Letters 66(18)",
    ),
    "marchenkopastur1967": Reference(
        "V. A. Marchenko, L. A. Pastur",
        1967,
        "Distribution of eigenvalues for some sets of random matrices",
        "Mathematics of the USSR-Sbornik 1(4)",
    ),
    "paquette2020": Reference(
        "C. Paquette, B. van Merrienboer, E. Paquette, F. Pedregosa",
        2020,
        "Halting time is predictable for large models: A universality property and average-case "
        "analysis",
        "arXiv:2006.04299",
    ),
    "pedregosascieur2020": Reference(
        "F. Pedregosa, D. Scieur",
        2020,
        "Acceleration through spectral density estimation",
        "ICML, arXiv:2002.04756",
    ),
    "polyak1964": Reference(
        "B. T. Polyak",
        1964,
        "Some methods of speeding up the convergence of iteration methods",
        "USSR Computational Mathematics and Mathematical Physics 4(5)",
    ),
    "santurkar2018": Reference(
        "S. Santurkar, D. Tsipras, A. Ilyas, A. Madry",
        2018,
        "How Does Batch Normalization Help Optimization?",
        "NeurIPS, arXiv:1805.11604",
    ),
}


def cite(key: str, place: str = "") -> Citation:
    """A citation of ``REFERENCES[key]`` at ``place`` (section or equation).

    >>> str(cite("lecun1991", "eq. (5)"))
    'lecun1991, eq. (5)'

    Raises KeyError where the key is not in the list.
    """
    if key not in REFERENCES:
        raise KeyError(f"no reference has the key {key!r}; add it to companion/references.py")
    return Citation(key, place)
