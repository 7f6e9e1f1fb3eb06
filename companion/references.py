"""The list of sources. A citation is a key of this list with passages of the source."""

from dataclasses import dataclass
from difflib import get_close_matches

from companion.passages import PASSAGES
from companion.passages.judgement import Judgement


@dataclass(frozen=True)
class Reference:
    """A source: who, when, what, where."""

    authors: str
    year: int | None
    title: str
    where: str


@dataclass(frozen=True)
class Citation:
    """Passages of a source of ``REFERENCES``. Without passages it is the whole source."""

    key: str
    passages: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        """The passages in one text."""
        return "; ".join(self.passages)

    @property
    def judgements(self) -> dict[str, Judgement]:
        """The judgement of each passage that a person has judged."""
        judged = PASSAGES.get(self.key, {})
        return {passage: judged[passage] for passage in self.passages if passage in judged}

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
    # Sources on which they rest, and sources that go beyond them
    "amari1998": Reference(
        "S. Amari",
        1998,
        "Natural gradient works efficiently in learning",
        "Neural Computation 10(2)",
    ),
    "arora2019": Reference(
        "S. Arora, Z. Li, K. Lyu",
        2019,
        "Theoretical Analysis of Auto Rate-Tuning by Batch Normalization",
        "ICLR, arXiv:1812.03981",
    ),
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
    "baiyin1993": Reference(
        "Z. D. Bai, Y. Q. Yin",
        1993,
        "Limit of the smallest eigenvalue of a large dimensional sample covariance matrix",
        "Annals of Probability 21(3)",
    ),
    "benaychgeorges2012": Reference(
        "F. Benaych-Georges, R. R. Nadakuditi",
        2012,
        "The singular values and vectors of low rank perturbations of large rectangular random "
        "matrices",
        "Journal of Multivariate Analysis 111",
    ),
    "bernstein2018": Reference(
        "J. Bernstein, Y.-X. Wang, K. Azizzadenesheli, A. Anandkumar",
        2018,
        "signSGD: Compressed Optimisation for Non-Convex Problems",
        "ICML, arXiv:1802.04434",
    ),
    "bornemann2010": Reference(
        "F. Bornemann",
        2010,
        "On the numerical evaluation of distributions in random matrix theory: a review",
        "Markov Processes and Related Fields 16(4)",
    ),
    "chenbruna2023": Reference(
        "L. Chen, J. Bruna",
        2023,
        "Beyond the Edge of Stability via Two-step Gradient Updates",
        "ICML, arXiv:2206.04172",
    ),
    "chendongarra2005": Reference(
        "Z. Chen, J. J. Dongarra",
        2005,
        "Condition Numbers of Gaussian Random Matrices",
        "SIAM Journal on Matrix Analysis and Applications 27(3)",
    ),
    "chosaul2009": Reference(
        "Y. Cho, L. K. Saul", 2009, "Kernel Methods for Deep Learning", "NeurIPS 22"
    ),
    "cohen2021": Reference(
        "J. Cohen, S. Kaur, Y. Li, J. Z. Kolter, A. Talwalkar",
        2021,
        "Gradient Descent on Neural Networks Typically Occurs at the Edge of Stability",
        "ICLR, arXiv:2103.00065",
    ),
    "cullumwilloughby1985": Reference(
        "J. K. Cullum, R. A. Willoughby",
        1985,
        "Lanczos Algorithms for Large Symmetric Eigenvalue Computations",
        "Birkhäuser",
    ),
    "demelovanstrien1993": Reference(
        "W. de Melo, S. van Strien", 1993, "One-Dimensional Dynamics", "Springer"
    ),
    "demmel1992": Reference(
        "J. Demmel, K. Veselic",
        1992,
        "Jacobi's method is more accurate than QR",
        "SIAM Journal on Matrix Analysis and Applications 13(4)",
    ),
    "desjardins2015": Reference(
        "G. Desjardins, K. Simonyan, R. Pascanu, K. Kavukcuoglu",
        2015,
        "Natural Neural Networks",
        "NeurIPS, arXiv:1507.00210",
    ),
    "dlmf": Reference(
        "F. W. J. Olver and others",
        2010,
        "NIST Digital Library of Mathematical Functions",
        "https://dlmf.nist.gov",
    ),
    "dumitriuedelman2002": Reference(
        "I. Dumitriu, A. Edelman",
        2002,
        "Matrix models for beta ensembles",
        "Journal of Mathematical Physics 43",
    ),
    "elkaroui2007": Reference(
        "N. El Karoui",
        2007,
        "Tracy-Widom limit for the largest eigenvalue of a large class of complex sample "
        "covariance matrices",
        "Annals of Probability 35(2)",
    ),
    "ghorbani2019": Reference(
        "B. Ghorbani, S. Krishnan, Y. Xiao",
        2019,
        "An Investigation into Neural Net Optimization via Hessian Eigenvalue Density",
        "ICML, arXiv:1901.10159",
    ),
    "glorot2010": Reference(
        "X. Glorot, Y. Bengio",
        2010,
        "Understanding the difficulty of training deep feedforward neural networks",
        "AISTATS",
    ),
    "graham1994": Reference(
        "R. L. Graham, D. E. Knuth, O. Patashnik", 1994, "Concrete Mathematics", "Addison-Wesley"
    ),
    "gretton2005": Reference(
        "A. Gretton, O. Bousquet, A. Smola, B. Schoelkopf",
        2005,
        "Measuring statistical dependence with Hilbert-Schmidt norms",
        "Algorithmic Learning Theory, LNCS 3734",
    ),
    "grossemartens2016": Reference(
        "R. Grosse, J. Martens",
        2016,
        "A Kronecker-factored Approximate Fisher Matrix for Convolution Layers",
        "ICML, arXiv:1602.01407",
    ),
    "haninnica2020": Reference(
        "B. Hanin, M. Nica",
        2020,
        "Products of Many Large Random Matrices and Gradients in Deep Neural Networks",
        "Communications in Mathematical Physics 376",
    ),
    "he2015": Reference(
        "K. He, X. Zhang, S. Ren, J. Sun",
        2015,
        "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet "
        "Classification",
        "ICCV, arXiv:1502.01852",
    ),
    "he2016": Reference(
        "K. He, X. Zhang, S. Ren, J. Sun",
        2016,
        "Deep Residual Learning for Image Recognition",
        "CVPR, arXiv:1512.03385",
    ),
    "hoffer2018": Reference(
        "E. Hoffer, R. Banner, I. Golan, D. Soudry",
        2018,
        "Norm matters: efficient and accurate normalization schemes in deep networks",
        "NeurIPS, arXiv:1803.01814",
    ),
    "hornjohnson1991": Reference(
        "R. A. Horn, C. R. Johnson", 1991, "Topics in Matrix Analysis", "Cambridge University Press"
    ),
    "hornjohnson2013": Reference(
        "R. A. Horn, C. R. Johnson", 2013, "Matrix Analysis", "Cambridge University Press"
    ),
    "hutchinson1990": Reference(
        "M. F. Hutchinson",
        1990,
        "A stochastic estimator of the trace of the influence matrix for Laplacian smoothing "
        "splines",
        "Communications in Statistics - Simulation and Computation 19(2)",
    ),
    "johnstone2001": Reference(
        "I. M. Johnstone",
        2001,
        "On the distribution of the largest eigenvalue in principal components analysis",
        "Annals of Statistics 29(2)",
    ),
    "jury1964": Reference(
        "E. I. Jury", 1964, "Theory and Application of the z-Transform Method", "Wiley"
    ),
    "kingmaba2015": Reference(
        "D. P. Kingma, J. Ba",
        2015,
        "Adam: A Method for Stochastic Optimization",
        "ICLR, arXiv:1412.6980",
    ),
    "knopp1951": Reference(
        "K. Knopp", 1951, "Theory and Application of Infinite Series", "Blackie, second edition"
    ),
    "kosson2023": Reference(
        "A. Kosson, B. Messmer, M. Jaggi",
        2023,
        "Rotational Equilibrium: How Weight Decay Balances Learning Across Neural Networks",
        "arXiv:2305.17212",
    ),
    "krizhevsky2009": Reference(
        "A. Krizhevsky",
        2009,
        "Learning Multiple Layers of Features from Tiny Images",
        "technical report, University of Toronto",
    ),
    "lecun1991": Reference(
        "Y. LeCun, I. Kanter, S. A. Solla",
        1991,
        "Eigenvalues of covariance matrices: Application to neural-network learning",
        "Physical Review Letters 66(18)",
    ),
    "lecun1998": Reference(
        "Y. LeCun, L. Bottou, Y. Bengio, P. Haffner",
        1998,
        "Gradient-Based Learning Applied to Document Recognition",
        "Proceedings of the IEEE 86(11)",
    ),
    "lee2018": Reference(
        "J. Lee, Y. Bahri, R. Novak, S. S. Schoenholz, J. Pennington, J. Sohl-Dickstein",
        2018,
        "Deep Neural Networks as Gaussian Processes",
        "ICLR, arXiv:1711.00165",
    ),
    "lee2019": Reference(
        "J. D. Lee, I. Panageas, G. Piliouras, M. Simchowitz, M. I. Jordan, B. Recht",
        2019,
        "First-order methods almost always avoid strict saddle points",
        "Mathematical Programming 176",
    ),
    "leeschnelli2016": Reference(
        "J. O. Lee, K. Schnelli",
        2016,
        "Tracy-Widom distribution for the largest eigenvalue of real sample covariance matrices "
        "with general population",
        "Annals of Applied Probability 26(6)",
    ),
    "letacmassam2004": Reference(
        "G. Letac, H. Massam",
        2004,
        "All invariant moments of the Wishart distribution",
        "Scandinavian Journal of Statistics 31(2)",
    ),
    "li2018": Reference(
        "H. Li, Z. Xu, G. Taylor, C. Studer, T. Goldstein",
        2018,
        "Visualizing the Loss Landscape of Neural Nets",
        "NeurIPS, arXiv:1712.09913",
    ),
    "liarora2020": Reference(
        "Z. Li, S. Arora",
        2020,
        "An Exponential Learning Rate Schedule for Deep Learning",
        "ICLR, arXiv:1910.07454",
    ),
    "lutherseung2019": Reference(
        "K. Luther, H. S. Seung",
        2019,
        "Variance-Preserving Initialization Schemes Improve Deep Network Training: But Which "
        "Variance is Preserved?",
        "arXiv:1902.04942",
    ),
    "ma2012": Reference(
        "Z. Ma",
        2012,
        "Accuracy of the Tracy-Widom limits for the extreme eigenvalues in white Wishart matrices",
        "Bernoulli 18(1)",
    ),
    "marchenkopastur1967": Reference(
        "V. A. Marchenko, L. A. Pastur",
        1967,
        "Distribution of eigenvalues for some sets of random matrices",
        "Mathematics of the USSR-Sbornik 1(4)",
    ),
    "martens2020": Reference(
        "J. Martens",
        2020,
        "New Insights and Perspectives on the Natural Gradient Method",
        "Journal of Machine Learning Research 21(146)",
    ),
    "martensgrosse2015": Reference(
        "J. Martens, R. Grosse",
        2015,
        "Optimizing Neural Networks with Kronecker-factored Approximate Curvature",
        "ICML, arXiv:1503.05671",
    ),
    "muirhead1982": Reference(
        "R. J. Muirhead", 1982, "Aspects of Multivariate Statistical Theory", "Wiley"
    ),
    "nesterov2004": Reference(
        "Y. Nesterov", 2004, "Introductory Lectures on Convex Optimization", "Kluwer"
    ),
    "ollivier2015": Reference(
        "Y. Ollivier",
        2015,
        "Riemannian metrics for neural networks I: feedforward networks",
        "Information and Inference 4(2), arXiv:1303.0818",
    ),
    "papyan2020": Reference(
        "V. Papyan",
        2020,
        "Traces of Class/Cross-Class Structure Pervade Deep Learning Spectra",
        "Journal of Machine Learning Research 21(252)",
    ),
    "paquette2020": Reference(
        "C. Paquette, B. van Merrienboer, E. Paquette, F. Pedregosa",
        2020,
        "Halting time is predictable for large models: A universality property and average-case "
        "analysis",
        "arXiv:2006.04299",
    ),
    "parlett1998": Reference(
        "B. N. Parlett", 1998, "The Symmetric Eigenvalue Problem", "SIAM, Classics 20"
    ),
    "pearlmutter1994": Reference(
        "B. A. Pearlmutter",
        1994,
        "Fast Exact Multiplication by the Hessian",
        "Neural Computation 6(1)",
    ),
    "pedregosascieur2020": Reference(
        "F. Pedregosa, D. Scieur",
        2020,
        "Acceleration through spectral density estimation",
        "ICML, arXiv:2002.04756",
    ),
    "pennington2017": Reference(
        "J. Pennington, S. S. Schoenholz, S. Ganguli",
        2017,
        "Resurrecting the sigmoid in deep learning through dynamical isometry: theory and practice",
        "NeurIPS, arXiv:1711.04735",
    ),
    "penrose1955": Reference(
        "R. Penrose",
        1955,
        "A generalized inverse for matrices",
        "Proceedings of the Cambridge Philosophical Society 51(3)",
    ),
    "pensonzyczkowski2011": Reference(
        "K. A. Penson, K. Zyczkowski",
        2011,
        "Product of Ginibre matrices: Fuss-Catalan and Raney distributions",
        "Physical Review E 83",
    ),
    "plackett1954": Reference(
        "R. L. Plackett",
        1954,
        "A reduction formula for normal multivariate integrals",
        "Biometrika 41",
    ),
    "polyak1964": Reference(
        "B. T. Polyak",
        1964,
        "Some methods of speeding up the convergence of iteration methods",
        "USSR Computational Mathematics and Mathematical Physics 4(5)",
    ),
    "polyak1987": Reference(
        "B. T. Polyak", 1987, "Introduction to Optimization", "Optimization Software, New York"
    ),
    "samuelson1968": Reference(
        "P. A. Samuelson",
        1968,
        "How Deviant Can You Be?",
        "Journal of the American Statistical Association 63(324)",
    ),
    "santurkar2018": Reference(
        "S. Santurkar, D. Tsipras, A. Ilyas, A. Madry",
        2018,
        "How Does Batch Normalization Help Optimization?",
        "NeurIPS, arXiv:1805.11604",
    ),
    "schultz2005": Reference(
        "H. Schultz",
        2005,
        "Non-commutative polynomials of independent Gaussian random matrices. The real and "
        "symplectic cases",
        "Probability Theory and Related Fields 131(2)",
    ),
    "silverstein1985": Reference(
        "J. W. Silverstein",
        1985,
        "The smallest eigenvalue of a large dimensional Wishart matrix",
        "Annals of Probability 13(4)",
    ),
    "silversteinchoi1995": Reference(
        "J. W. Silverstein, S.-I. Choi",
        1995,
        "Analysis of the limiting spectral distribution of large dimensional random matrices",
        "Journal of Multivariate Analysis 54(2)",
    ),
    "simonyan2015": Reference(
        "K. Simonyan, A. Zisserman",
        2015,
        "Very Deep Convolutional Networks for Large-Scale Image Recognition",
        "ICLR, arXiv:1409.1556",
    ),
    "singer1978": Reference(
        "D. Singer",
        1978,
        "Stable orbits and bifurcation of maps of the interval",
        "SIAM Journal on Applied Mathematics 35(2)",
    ),
    "tielemanhinton2012": Reference(
        "T. Tieleman, G. Hinton",
        2012,
        "Lecture 6.5 - RMSprop: Divide the gradient by a running average of its recent magnitude",
        "COURSERA: Neural Networks for Machine Learning",
    ),
    "trotter1984": Reference(
        "H. F. Trotter",
        1984,
        "Eigenvalue distributions of large Hermitian matrices; Wigner's semicircle law and a "
        "theorem of Kac, Murdock, and Szego",
        "Advances in Mathematics 54(1)",
    ),
    "ubaru2017": Reference(
        "S. Ubaru, J. Chen, Y. Saad",
        2017,
        "Fast Estimation of tr(f(A)) via Stochastic Lanczos Quadrature",
        "SIAM Journal on Matrix Analysis and Applications 38(4)",
    ),
    "vanlaarhoven2017": Reference(
        "T. van Laarhoven",
        2017,
        "L2 Regularization versus Batch and Weight Normalization",
        "arXiv:1706.05350",
    ),
    "vershynin2018": Reference(
        "R. Vershynin", 2018, "High-Dimensional Probability", "Cambridge University Press"
    ),
    "wan2021": Reference(
        "R. Wan, Z. Zhu, X. Zhang, J. Sun",
        2021,
        "Spherical Motion Dynamics: Learning Dynamics of Normalized Neural Network using SGD and "
        "Weight Decay",
        "NeurIPS, arXiv:2006.08419",
    ),
    "wang2022": Reference(
        "Y. Wang, M. Chen, T. Zhao, M. Tao",
        2022,
        "Large Learning Rate Tames Homogeneity: Convergence and Balancing Effect",
        "ICLR, arXiv:2110.03677",
    ),
    "wusimon2000": Reference(
        "K. Wu, H. Simon",
        2000,
        "Thick-restart Lanczos method for large symmetric eigenvalue problems",
        "SIAM Journal on Matrix Analysis and Applications 22(2)",
    ),
    "yang2019": Reference(
        "G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. S. Schoenholz",
        2019,
        "A Mean Field Theory of Batch Normalization",
        "ICLR, arXiv:1902.08129",
    ),
}


def cite(key: str, *passages: str) -> Citation:
    """A citation of ``REFERENCES[key]`` at these passages: sections, equations or quotations.

    >>> str(cite("lecun1991", "eq. (5)"))
    'lecun1991, eq. (5)'

    Raises KeyError where the key is not in the list, or where ``companion/passages`` lists the
    passages of the source and one of these is not among them.
    """
    if key not in REFERENCES:
        raise KeyError(f"no reference has the key {key!r}; add it to companion/references.py")
    listed = PASSAGES.get(key, passages)
    for passage in passages:
        if passage not in listed:
            nearest = get_close_matches(passage, listed, cutoff=0.5)
            raise KeyError(
                f"{key} has no passage {passage!r}; the nearest are {nearest}; "
                f"a new passage is a line of companion/passages/{key}.py"
            )
    return Citation(key, passages)
