"""Pictures as cameras, phones and programs write them."""

from io import BytesIO

from PIL import Image, ImageDraw

GPS_TAG, ORIENTATION_TAG, MAKER_TAG = 0x8825, 0x0112, 0x010F


def encoded(image: Image.Image, image_format: str = "JPEG", **options: object) -> bytes:
    output = BytesIO()
    image.save(output, image_format, **options)
    return output.getvalue()


def halves(size: tuple[int, int] = (400, 200), mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "red")
    ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    return image.convert(mode)


def jpeg_with_position(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = orientation
    exif[MAKER_TAG] = "MakerOfPhones"
    exif.get_ifd(GPS_TAG).update({1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 51.0, 15.0)})
    return encoded(halves(), exif=exif, comment=b"secret comment", xmp=b"<x:xmpmeta>secret xmp</x:xmpmeta>")
