"""The errata of the sources, by number: what they print, what is right, the counterexample."""

from companion.references import cite
from theory import spectra
from theory.erratum import Erratum

WHY = "whybatchnorm"

# The population limit, p to infinity at fixed N, printed for any number of examples
E11 = Erratum(
    name="E11",
    kind="counterexample",
    printed="the large isolated eigenvalue is N m^2 + v",
    right="(v + t)(v/alpha + t)/t with t = N m^2, if t > v/sqrt(alpha); N m^2 + v is its limit "
    "for p to infinity at fixed N",
    counterexample="N = 320, alpha = 1.25, m = 0.22, v = 0.9",
    claims=(spectra.outlier,),
    reference=cite(WHY, "lambda_N"),
    printed_value=lambda: 320 * 0.22**2 + 0.9,
    right_value=lambda: spectra.outlier(N=320, alpha=1.25, m=0.22, v=0.9),
)


def errata() -> dict[str, Erratum]:
    """All errata by number."""
    return {value.name: value for value in globals().values() if isinstance(value, Erratum)}
