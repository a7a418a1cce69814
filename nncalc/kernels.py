"""Kernels that image processing has names for, to start a filter from: `KERNELS` has a row for each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

SIDE = 3
"""All have three rows and three columns; in a larger kernel they stand in the middle, with 0 around."""


@dataclass(frozen=True)
class Kernel:
    """A named kernel: `rows` of whole numbers, all divided by `divisor`.

    They are written for cross-correlation, as every framework computes a convolution: they lie on the image as they
    stand here.

    >>> KERNELS["box_blur"].typed()[0]
    ['1/9', '1/9', '1/9']
    """

    words: str
    rows: tuple[tuple[int, int, int], ...]
    source: str
    divisor: int = 1

    def numbers(self) -> np.ndarray:
        return np.array(self.rows) / self.divisor

    def typed(self) -> list[list[int | str]]:
        """The numbers as a problem file has them: whole where they are, otherwise as fractions."""
        return [[_typed(Fraction(number, self.divisor)) for number in row] for row in self.rows]


def _typed(number: Fraction) -> int | str:
    return number.numerator if number.denominator == 1 else str(number)


PREWITT = "J. M. S. Prewitt, Object enhancement and extraction (1970), section on gradients; its mask, sign as here"
SOBEL = "I. Sobel, An isotropic 3 × 3 image gradient operator (2014, on the talk of 1968)"
GONZALEZ = "R. C. Gonzalez and R. E. Woods, Digital Image Processing (4th edition, 2018), sections 3.5 and 3.6"
POWELL = "V. Powell, Image Kernels explained visually (setosa.io/ev/image-kernels), emboss"

KERNELS: dict[str, Kernel] = {
    "identity": Kernel("identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0)), "the unit of convolution: the image comes back"),
    "vertical_edge": Kernel("vertical edge", ((1, 0, -1), (1, 0, -1), (1, 0, -1)), PREWITT),
    "horizontal_edge": Kernel("horizontal edge", ((1, 1, 1), (0, 0, 0), (-1, -1, -1)), PREWITT),
    "sobel_x": Kernel("Sobel, along x", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)), SOBEL),
    "sobel_y": Kernel("Sobel, along y", ((-1, -2, -1), (0, 0, 0), (1, 2, 1)), SOBEL),
    "laplacian": Kernel("Laplacian", ((0, 1, 0), (1, -4, 1), (0, 1, 0)), GONZALEZ),
    "sharpen": Kernel("sharpen", ((0, -1, 0), (-1, 5, -1), (0, -1, 0)), GONZALEZ),
    "box_blur": Kernel("box blur", ((1, 1, 1), (1, 1, 1), (1, 1, 1)), GONZALEZ, divisor=9),
    "gaussian_blur": Kernel("Gaussian blur", ((1, 2, 1), (2, 4, 2), (1, 2, 1)), GONZALEZ, divisor=16),
    "emboss": Kernel("emboss", ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)), POWELL),
}
r"""The matrices, row by row:

- `identity` $\begin{pmatrix}0&0&0\\0&1&0\\0&0&0\end{pmatrix}$
- `vertical_edge` $\begin{pmatrix}1&0&-1\\1&0&-1\\1&0&-1\end{pmatrix}$, positive where it is brighter on the left;
  `horizontal_edge` is its transpose, positive where it is brighter above (Prewitt)
- `sobel_x` $\begin{pmatrix}-1&0&1\\-2&0&2\\-1&0&1\end{pmatrix}$, positive where it gets brighter to the right;
  `sobel_y` is its transpose, with y downwards as rows are counted (Sobel)
- `laplacian` $\begin{pmatrix}0&1&0\\1&-4&1\\0&1&0\end{pmatrix}$, the sum of both second differences
- `sharpen` $\begin{pmatrix}0&-1&0\\-1&5&-1\\0&-1&0\end{pmatrix}$, the image minus its Laplacian
- `box_blur` $\frac19\begin{pmatrix}1&1&1\\1&1&1\\1&1&1\end{pmatrix}$, the mean of the neighbourhood
- `gaussian_blur` $\frac1{16}\begin{pmatrix}1&2&1\\2&4&2\\1&2&1\end{pmatrix}$, two rows of binomial numbers multiplied
- `emboss` $\begin{pmatrix}-2&-1&0\\-1&1&1\\0&1&2\end{pmatrix}$, light from the upper left
"""
