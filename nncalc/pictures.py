"""A picture that somebody hands over, as numbers: bounded before anything of it is decoded, then reduced."""

from __future__ import annotations

import base64
import binascii
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, UnidentifiedImageError

from nncalc.errors import InputError
from nncalc.wording import counted

FORMATS = ("PNG", "JPEG")
MOST_BYTES = 5_000_000
MOST_PIXELS = 25_000_000
MOST_SIDE = 64
"""Rows and columns of what a picture is reduced to."""

DECIMALS = 2
"""Of a cell's value: enough to tell a hundred shades, and few enough to work with on paper."""

POSSIBLE = f"Possible is a PNG or JPEG picture of at most {MOST_BYTES // 10**6} MB"


@dataclass(frozen=True)
class Picture:
    """A picture as `[row][column][channel]` with values from 0 to 1, and in words what was done to it."""

    values: np.ndarray
    told: str


def read_picture(file: str, rows: int, columns: int, channels: int, invert: bool = False) -> Picture:
    """A picture reduced so that it fits into rows and columns; it is never enlarged, and keeps its proportions.

    Every cell is the mean of the pixels it covers. With one channel a picture becomes grey (0.299 R + 0.587 G + 0.114
    B, ITU-R BT.601), with three it keeps its colours. What is transparent becomes white. Of an animation the first
    frame counts, of a photograph its orientation.

    Args:
        file: a PNG or JPEG file as base64, perhaps a whole data URL.
        invert: whether dark becomes 1 and bright 0, as for ink on paper.

    Raises:
        InputError: it is no such picture, too large, or damaged.
    """
    image = _opened(_content(file))
    width, height = image.size
    orientation = _orientation(image)
    if orientation >= 5:
        width, height = height, width
    scale = min(1.0, columns / width, rows / height)
    across, down = max(round(width * scale), 1), max(round(height * scale), 1)
    try:
        frames = getattr(image, "n_frames", 1)
        image.draft("RGB", (4 * max(across, down), 4 * max(across, down)))  # less is decoded of a large JPEG picture
        values = _reduced(image, orientation, across, down, channels)
    except Exception:  # whatever a damaged file makes of the decoder
        raise InputError(
            f"The picture is damaged or cut off: its header promises {width} × {height} pixels that can't be read. "
            f"Save it once more and try again. {POSSIBLE}."
        ) from None
    values = np.round(1 - values if invert else values, DECIMALS)
    return Picture(values, _told((width, height), (across, down), channels, frames, invert))


def _orientation(image: Image.Image) -> int:
    try:
        found = image.getexif().get(0x0112, 1)
    except Exception:  # an entry of a damaged or hostile file
        return 1
    return found if isinstance(found, int) else 1


def _content(file: str) -> bytes:
    text = file.partition(",")[2] if file.startswith("data:") else file
    if len(text) * 3 // 4 > MOST_BYTES + 3:
        raise InputError(f"A file of about {len(text) * 3 // 4:,} bytes given. {POSSIBLE}. Reduce it first.")
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError(f"What was given is no file. {POSSIBLE}.") from None
    if not content:
        raise InputError(f"An empty file given. {POSSIBLE}.")
    return content


def _opened(content: bytes) -> Image.Image:
    """The picture with its header read, and nothing decoded yet."""
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many("more") from None
    except UnidentifiedImageError:
        raise InputError(f"{_kind(content)} given. {POSSIBLE}.") from None
    except Exception:
        raise InputError(f"The header of the picture can't be read: the file is damaged. {POSSIBLE}.") from None
    if width * height > MOST_PIXELS:
        raise _too_many(f"{width:,} × {height:,}")
    return image


def _too_many(given: str) -> InputError:
    return InputError(
        f"A picture of {given} pixels given, at most {MOST_PIXELS:,} are possible. Reduce it first, 64 × 64 are enough."
    )


STARTS = {
    b"GIF8": "A GIF picture",
    b"BM": "A BMP picture",
    b"RIFF": "A WebP picture",
    b"%PDF": "A PDF document",
    b"<svg": "An SVG drawing",
    b"<?xml": "An SVG drawing",
    b"II*\0": "A TIFF picture",
    b"MM\0*": "A TIFF picture",
    b"\0\0\0": "An AVIF or HEIC picture, or a film,",
}


def _kind(content: bytes) -> str:
    """What a file is by its first bytes, whatever its name says."""
    return next((words for start, words in STARTS.items() if content.startswith(start)), "A file that is no picture")


UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns a photograph as its camera was held; from 5 on rows and columns change places."""


def _reduced(image: Image.Image, orientation: int, across: int, down: int, channels: int) -> np.ndarray:
    """The small picture with values from 0 to 1. It is made small before anything else, to need little memory."""
    if image.mode.startswith("I"):  # 16 bits
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    see_through = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    image = image.convert("RGBA" if see_through else "L" if image.mode in ("1", "L") else "RGB")
    size = (down, across) if orientation >= 5 else (across, down)
    if image.size != size:
        image = image.resize(size, Image.Resampling.BOX)
    if orientation in UPRIGHT:
        image = image.transpose(UPRIGHT[orientation])
    if see_through:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    values = np.asarray(image.convert("L" if channels == 1 else "RGB"), dtype=np.float64) / 255
    return values.reshape(down, across, channels)


def _told(was: tuple[int, int], now: tuple[int, int], channels: int, frames: int, invert: bool) -> str:
    if was == now:
        did = f"The picture of {was[0]} × {was[1]} pixels is taken as it is"
    else:
        size = f"{now[0]} × {now[1]}, each the mean of its pixels"
        did = f"The picture of {was[0]:,} × {was[1]:,} pixels is reduced to {size}"
    colour = "grey (0.299 R + 0.587 G + 0.114 B)" if channels == 1 else "with its red, green and blue"
    dark = "dark is 1, bright 0" if invert else "dark is 0, bright 1"
    first = f" It has {counted(frames, 'frame')}: the first is taken." if frames > 1 else ""
    return f"{did}, {colour}; {dark}, rounded to {DECIMALS} decimals.{first}"
