"""Whatever is uploaded as a photo becomes a clean picture: its size, colours and turn right, its metadata gone."""

from io import BytesIO

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.pictures import GPS_TAG, ORIENTATION_TAG, encoded, halves, jpeg_with_position
from trace.services.images import PHOTO_FORMATS, PHOTO_WIDTHS, PreparedPhoto, prepare_photo


def opened(photo: PreparedPhoto, width: int = 320, image_format: str = "jpeg") -> Image.Image:
    image = Image.open(BytesIO(photo.variants[width, image_format]))
    image.load()
    return image


def colour(image: Image.Image, across: float, down: float) -> str:
    red, green, blue = image.convert("RGB").getpixel((int(image.width * across), int(image.height * down)))
    return "red" if red > 200 > 60 > blue else "blue" if blue > 200 > 60 > red else f"{red},{green},{blue}"


def near(found: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return all(abs(a - b) <= 8 for a, b in zip(found, wanted, strict=True))


def test_a_photo_comes_in_three_widths_and_two_formats() -> None:
    photo = prepare_photo(encoded(halves((2000, 1000))))
    assert set(photo.variants) == {(width, name) for width in PHOTO_WIDTHS for name in PHOTO_FORMATS}
    for (width, name), data in photo.variants.items():
        image = Image.open(BytesIO(data))
        assert (image.format or "").lower() == name
        assert image.size == (width, width // 2)
    assert (photo.width, photo.height) == (1600, 800)


def test_a_small_photo_is_never_enlarged() -> None:
    photo = prepare_photo(encoded(halves((400, 200))))
    assert opened(photo, 320).size == (320, 160)
    assert opened(photo, 1600).size == (400, 200)
    assert (photo.width, photo.height) == (400, 200)


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (20_000, 2)])
def test_a_photo_of_odd_proportions_still_fits(size: tuple[int, int]) -> None:
    photo = prepare_photo(encoded(Image.new("RGB", size), "PNG"))
    for (width, _), data in photo.variants.items():
        image = Image.open(BytesIO(data))
        assert image.width <= width
        assert image.height <= 2 * width


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_the_position_and_all_other_metadata_are_gone(image_format: str) -> None:
    original = Image.open(BytesIO(jpeg_with_position()))
    assert original.getexif().get_ifd(GPS_TAG)
    options = {"exif": original.getexif(), "xmp": b"<x:xmpmeta>secret xmp</x:xmpmeta>"}
    if image_format == "PNG":
        options = {"exif": original.getexif(), "pnginfo": PngInfo()}
        options["pnginfo"].add_text("Comment", "secret comment")
    source = jpeg_with_position() if image_format == "JPEG" else encoded(halves(), image_format, **options)
    assert b"MakerOfPhones" in source
    photo = prepare_photo(source)
    for (width, name), data in photo.variants.items():
        image = opened(photo, width, name)
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & set(image.info)
        assert b"MakerOfPhones" not in data
        assert b"secret" not in data


@pytest.mark.parametrize(
    ("orientation", "size", "top_left", "bottom_right"),
    [
        # red and blue halves after turning, looked at in two corners
        (1, (320, 160), "red", "blue"),
        (2, (320, 160), "blue", "red"),
        (3, (320, 160), "blue", "red"),
        (4, (320, 160), "red", "blue"),
        (5, (200, 400), "red", "blue"),
        (6, (200, 400), "red", "blue"),
        (7, (200, 400), "blue", "red"),
        (8, (200, 400), "blue", "red"),
    ],
)
def test_a_turned_photo_is_set_upright(
    orientation: int, size: tuple[int, int], top_left: str, bottom_right: str
) -> None:
    image = opened(prepare_photo(jpeg_with_position(orientation)))
    assert image.size == size
    assert (colour(image, 0.1, 0.1), colour(image, 0.9, 0.9)) == (top_left, bottom_right)


def test_a_large_turned_photo_keeps_the_full_width() -> None:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 6
    photo = prepare_photo(encoded(halves((4000, 3000)), exif=exif))
    assert (photo.width, photo.height) == (1600, 2133)


def test_unreadable_exif_does_not_spoil_the_photo() -> None:
    photo = prepare_photo(encoded(halves(), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xee" * 40))
    assert photo.width == 400


@pytest.mark.parametrize(
    ("mode", "image_format"),
    [
        ("L", "JPEG"),
        ("CMYK", "JPEG"),
        ("1", "PNG"),
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("RGBA", "PNG"),
        ("RGBA", "WEBP"),
    ],
)
def test_every_colour_model_becomes_rgb(mode: str, image_format: str) -> None:
    image = opened(prepare_photo(encoded(halves(mode=mode), image_format)))
    assert image.mode == "RGB"
    if mode in ("CMYK", "P", "RGBA"):
        assert (colour(image, 0.1, 0.5), colour(image, 0.9, 0.5)) == ("red", "blue")


def test_sixteen_bit_grey_keeps_its_tone() -> None:
    image = opened(prepare_photo(encoded(Image.new("I;16", (40, 40), 0x8000), "PNG")))
    assert near(image.getpixel((20, 20)), (128, 128, 128))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_was_transparent_is_white(mode: str) -> None:
    if mode == "P":
        source = Image.new("P", (40, 40), 0)
        source.putpalette([0, 0, 0, 255, 0, 0])
        data = encoded(source, "PNG", transparency=0)
    else:
        data = encoded(Image.new(mode, (40, 40), 0), "PNG")
    assert near(opened(prepare_photo(data)).getpixel((20, 20)), (255, 255, 255))


def test_a_colour_profile_is_applied_before_it_is_dropped() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    photo = opened(prepare_photo(encoded(halves(), icc_profile=swapped)))
    assert (colour(photo, 0.1, 0.5), colour(photo, 0.9, 0.5)) == ("blue", "red")


@pytest.mark.parametrize(
    "profile",
    [b"rubbish", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()],
    ids=["broken", "other model"],
)
def test_a_colour_profile_that_cannot_be_used_is_ignored(profile: bytes) -> None:
    assert colour(opened(prepare_photo(encoded(halves(), icc_profile=profile))), 0.1, 0.5) == "red"


def test_an_animation_gives_its_first_frame() -> None:
    frames = {"save_all": True, "append_images": [Image.new("RGB", (400, 200), "blue")], "duration": 50}
    for image_format in ("PNG", "WEBP"):
        data = encoded(Image.new("RGB", (400, 200), "red"), image_format, **frames)
        assert Image.open(BytesIO(data)).n_frames == 2
        assert colour(opened(prepare_photo(data)), 0.5, 0.5) == "red"


def test_a_phone_s_jpeg_of_several_pictures_gives_the_first() -> None:
    data = encoded(Image.new("RGB", (400, 200), "red"), "MPO", save_all=True, append_images=[halves()])
    assert colour(opened(prepare_photo(data)), 0.9, 0.5) == "red"


def test_the_name_is_the_hash_of_the_upload_and_copies_look_alike() -> None:
    source = Image.effect_mandelbrot((800, 600), (-2, -1.5, 1, 1.5), 50)
    first, copy = prepare_photo(encoded(source)), prepare_photo(encoded(source.resize((500, 375)), quality=50))
    other = prepare_photo(encoded(source.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert first == prepare_photo(encoded(source))
    assert first.sha256 != copy.sha256
    assert -(2**63) <= first.perceptual_hash < 2**63
    mask = 2**64 - 1
    assert ((first.perceptual_hash ^ copy.perceptual_hash) & mask).bit_count() <= 4
    assert ((first.perceptual_hash ^ other.perceptual_hash) & mask).bit_count() > 10
