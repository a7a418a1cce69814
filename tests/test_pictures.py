"""Pictures that are handed over: what becomes of them, and what is refused before anything is decoded."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nncalc import InputError
from nncalc.pictures import MOST_BYTES, MOST_PIXELS, Picture, read_picture

RAMP = np.tile(np.arange(0, 256, 32, dtype=np.uint8), (4, 1))  # 8 wide, 4 high


def encoded(image: Image.Image, format: str = "PNG", **options) -> str:
    file = io.BytesIO()
    image.save(file, format, **options)
    return base64.b64encode(file.getvalue()).decode()


def read(file: str, rows: int = 28, columns: int = 28, channels: int = 1, invert: bool = False) -> Picture:
    return read_picture(file, rows, columns, channels, invert)


def refused(file: str) -> str:
    with pytest.raises(InputError) as error:
        read(file)
    return str(error.value)


def header(width: int, height: int) -> bytes:
    """A PNG file that promises pixels, and has none."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    end = b"IEND"
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
        for part in (chunk, b"IDAT" + zlib.compress(b"\0" * 1000), end)
    )


# What becomes of a picture


def test_a_small_picture_is_taken_as_it_is():
    picture = read(encoded(Image.fromarray(RAMP)))
    np.testing.assert_array_equal(picture.values[:, :, 0], np.round(RAMP / 255, 2))
    assert picture.told.startswith("The picture of 8 × 4 pixels is taken as it is, grey")


def test_a_larger_one_is_reduced_in_its_proportions_to_the_means_of_its_pixels():
    picture = read(encoded(Image.fromarray(RAMP)), rows=4, columns=4)
    assert picture.values.shape == (2, 4, 1)
    means = RAMP.reshape(2, 2, 4, 2).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(picture.values[:, :, 0], means, atol=0.006)
    assert "8 × 4 pixels is reduced to 4 × 2, each the mean of its pixels" in picture.told


def test_grey_is_the_luma_of_its_colours_and_colours_are_kept():
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    file = encoded(Image.fromarray(colours))
    np.testing.assert_allclose(read(file).values[0, :, 0], [0.299, 0.587, 0.114, 1], atol=0.006)
    np.testing.assert_array_equal(read(file, channels=3).values, colours / 255)
    np.testing.assert_allclose(read(file, invert=True).values[0, :, 0], [0.701, 0.413, 0.886, 0], atol=0.006)


def test_one_pixel_is_enough():
    assert read(encoded(Image.new("L", (1, 1), 255))).values.tolist() == [[[1.0]]]


def test_a_very_long_picture_keeps_one_row():
    assert read(encoded(Image.new("L", (5000, 1), 128)), 8, 8).values.shape == (1, 8, 1)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK"])
@pytest.mark.parametrize("format", ["PNG", "JPEG"])
def test_every_way_to_store_white_is_1(mode: str, format: str):
    if (mode, format) in [("CMYK", "PNG"), ("P", "JPEG")]:
        return
    image = Image.new("RGB", (3, 3), "white").convert(mode)
    np.testing.assert_array_equal(read(encoded(image, format)).values, np.ones((3, 3, 1)))


def test_sixteen_bits_are_read_and_what_is_transparent_is_paper():
    deep = Image.fromarray(np.array([[0, 65535, 32768]], np.uint16))
    np.testing.assert_allclose(read(encoded(deep)).values[0, :, 0], [0, 1, 0.5], atol=0.006)
    for mode in ("RGBA", "LA"):
        clear = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
        clear.putpixel((1, 0), (0, 0, 0, 255))
        assert read(encoded(clear.convert(mode))).values[0, :, 0].tolist() == [1, 0]
    palette = Image.new("P", (1, 1), 0)
    palette.putpalette([0, 0, 0])
    assert read(encoded(palette, transparency=0)).values.tolist() == [[[1.0]]]


def test_of_an_animation_the_first_frame_counts():
    first, second = Image.new("L", (2, 2), 0), Image.new("L", (2, 2), 255)
    picture = read(encoded(first, save_all=True, append_images=[second, first]))
    assert not picture.values.any() and "It has 3 frames: the first is taken." in picture.told


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stands_as_its_camera_was_held(orientation: int):
    """Pillow's own `exif_transpose` is the second source."""
    from PIL import ImageOps

    image = Image.fromarray(RAMP[:3, :5].repeat(16, axis=0).repeat(16, axis=1))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = encoded(image, "JPEG", exif=exif, quality=100)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(base64.b64decode(file))))
    found = read(file, rows=80, columns=80)
    assert found.values.shape[:2] == upright.size[::-1]
    np.testing.assert_allclose(found.values[:, :, 0], np.asarray(upright) / 255, atol=0.011)
    assert f"{upright.size[0]} × {upright.size[1]} pixels" in found.told


def test_a_data_url_is_a_file():
    assert read("data:image/png;base64," + encoded(Image.new("L", (1, 1)))).values.shape == (1, 1, 1)


# What is refused


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"GIF89a" + b"\0" * 50, "A GIF picture given. Possible is a PNG or JPEG picture of at most 5 MB"),
        (b"%PDF-1.7", "A PDF document given"),
        (b"<svg onload=alert(1)>", "An SVG drawing given"),
        (b"hello", "A file that is no picture given"),
        (b"\x89PNG\r\n\x1a\n", "no picture given|damaged"),
        (header(30000, 30000), "at most 25,000,000 are possible"),
        (header(2**31 - 1, 2**31 - 1), "at most 25,000,000 are possible"),
        (header(6000, 6000), "A picture of (6,000 × 6,000|more) pixels given"),
        (header(4000, 4000), "damaged or cut off: its header promises 4000 × 4000 pixels"),
        (header(0, 5), "damaged|no picture"),
        (b"", "An empty file given"),
    ],
)
@pytest.mark.filterwarnings("default::PIL.Image.DecompressionBombWarning")
def test_what_is_no_picture_or_too_large_is_refused_with_what_is_possible(content: bytes, message: str):
    import re

    assert re.search(message, refused(base64.b64encode(content).decode()))


def test_a_gif_that_is_named_png_is_told_by_its_content():
    assert refused(encoded(Image.new("L", (2, 2)), "GIF")).startswith("A GIF picture given")


def test_a_file_that_is_too_long_is_not_even_read():
    assert "A file of about 5,250,000 bytes given" in refused("A" * 7_000_000)
    assert MOST_BYTES == 5_000_000 and MOST_PIXELS == 25_000_000


@pytest.mark.parametrize("text", ["%%%", "ü", "data:,", "abc"])
def test_what_is_no_base64_is_no_file(text: str):
    assert "Possible is" in refused(text)


@pytest.mark.parametrize("format", ["PNG", "JPEG"])
@given(st.data())
def test_a_file_cut_or_changed_anywhere_is_read_or_refused(format: str, data):
    content = bytearray(base64.b64decode(encoded(Image.fromarray(RAMP.repeat(8, axis=0)), format)))
    for _ in range(data.draw(st.integers(0, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = content[: data.draw(st.integers(1, len(content)))]
    try:
        picture = read(base64.b64encode(bytes(cut)).decode())
    except InputError as error:
        assert "Possible is" in str(error) or "are possible" in str(error)
    else:
        assert picture.values.min() >= 0 and picture.values.max() <= 1
