"""Photos as they come from a phone, made safe and light to show: bytes in, bytes out, nothing stored."""

import threading
import warnings
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import pairwise
from math import ceil

from PIL import Image, ImageCms

from ..domain.errors import N_, InvalidInput

MEGABYTE = 1_000_000  # as phones count
UPLOAD_LIMIT = 15 * MEGABYTE
PIXEL_LIMIT = 65_000_000  # the largest phone cameras in daily use give 64 megapixels
SCAN_LIMIT = 64  # a progressive JPEG needs about ten; each one costs a pass over the whole picture
PHOTO_WIDTHS = (320, 800, 1600)
PHOTO_FORMATS = ("webp", "jpeg")

_HEIF_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis"))
_ORIENTATION_TAG = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# A photo may take 350 MB while it is decoded, so a process decodes one at a time; this also makes it safe to
# silence Pillow's warnings, whose filter belongs to the whole process.
_decoding = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class PreparedPhoto:
    """A photo without metadata, upright, in sRGB.

    ``variants`` has every pair of PHOTO_WIDTHS × PHOTO_FORMATS. A photo is never enlarged: one narrower than
    a width is stored there at its own size. Heights are at most twice the width.
    ``width`` and ``height`` are pixels of the largest variant; ``sha256`` is the upload's own, in hex;
    ``perceptual_hash`` is the 64-bit difference hash as a signed integer, near-equal (in bits) for copies.
    """

    variants: dict[tuple[int, str], bytes]
    width: int
    height: int
    sha256: str
    perceptual_hash: int


def prepare_photo(data: bytes, *, field: str = "file") -> PreparedPhoto:
    """Decode and re-encode an uploaded photo. Raises InvalidInput, on ``field``, for anything that is not one."""
    check_size(data, field=field)
    image_format = sniff_image(data)
    if image_format == "HEIF":
        message = N_(
            "Ảnh HEIC hoặc AVIF chưa dùng được. Trên iPhone, vào Cài đặt → Camera → Định dạng, chọn "
            "“Tương thích nhất” rồi chụp lại, hoặc lưu ảnh thành JPEG."
        )
        raise InvalidInput(message, field=field)
    if image_format is None:
        message = N_("Tệp này không phải là ảnh. Hãy chọn ảnh JPEG, PNG hoặc WebP.")
        raise InvalidInput(message, field=field)
    largest = _decode(data, image_format, field)
    perceptual_hash = _difference_hash(largest)
    variants: dict[tuple[int, str], bytes] = {}
    for width in PHOTO_WIDTHS:
        resized = largest.copy()
        resized.thumbnail((width, 2 * width), Image.Resampling.LANCZOS)
        variants[width, "webp"] = _encode(resized, "WEBP", quality=80, method=4)
        variants[width, "jpeg"] = _encode(resized, "JPEG", quality=82, optimize=True, progressive=True)
    return PreparedPhoto(
        variants=variants,
        width=largest.width,
        height=largest.height,
        sha256=sha256(data).hexdigest(),
        perceptual_hash=perceptual_hash,
    )


def check_size(data: bytes, *, field: str) -> None:
    """Raise InvalidInput for an empty upload or one above UPLOAD_LIMIT."""
    if not data:
        raise InvalidInput(N_("Tệp này trống. Hãy chọn tệp khác."), field=field)
    if len(data) > UPLOAD_LIMIT:
        raise InvalidInput(
            N_(
                "Tệp nặng %(size)s MB, quá giới hạn %(limit)s MB. Hãy chọn tệp nhẹ hơn hoặc giảm cỡ ảnh trước khi tải lên."
            ),
            field=field,
            size=ceil(len(data) / MEGABYTE),
            limit=UPLOAD_LIMIT // MEGABYTE,
        )


def sniff_image(data: bytes) -> str | None:
    """Return "JPEG", "PNG", "WEBP" or "HEIF" by the first bytes, whatever the file was called; None for all else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "HEIF"
    return None


def _decode(data: bytes, image_format: str, field: str) -> Image.Image:
    """Return the first frame, upright, in sRGB on white, no wider than the widest variant, without metadata."""
    damaged = InvalidInput(
        N_("Ảnh bị hỏng hoặc chưa tải lên hết. Hãy mở thử ảnh trên máy rồi tải lại, hoặc chụp ảnh khác."), field=field
    )
    if image_format == "JPEG" and data.count(b"\xff\xda") > SCAN_LIMIT:
        raise damaged
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(BytesIO(data), formats=[image_format]) as image:
                pixels = image.width * image.height
                if pixels <= PIXEL_LIMIT:
                    return _normalise(image)
        except Image.DecompressionBombError:
            pass  # Pillow's own, wider limit: the size is read before anything is decoded
        except Exception as error:  # a hostile file makes Pillow's parsers raise nearly anything
            raise damaged from error
    raise InvalidInput(
        N_("Ảnh có quá nhiều điểm ảnh (giới hạn là %(limit)s triệu). Hãy giảm cỡ ảnh trước khi tải lên."),
        field=field,
        limit=PIXEL_LIMIT // 1_000_000,
    )


def _normalise(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    orientation = None
    with suppress(Exception):  # unreadable EXIF does not spoil the picture
        orientation = image.getexif().get(_ORIENTATION_TAG)
    if image.mode.startswith("I"):  # 16-bit grey
        image = image.point(lambda value: value / 256).convert("L")
    elif image.has_transparency_data and image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):
        image = image.convert("RGB")
    width = PHOTO_WIDTHS[-1]
    box = (2 * width, width) if orientation in (5, 6, 7, 8) else (width, 2 * width)
    image.draft(None, box)  # libjpeg then decodes at a fraction of the size; other formats ignore this
    image.thumbnail(box, Image.Resampling.LANCZOS)
    if orientation in _UPRIGHT:
        image = image.transpose(_UPRIGHT[orientation])
    canvas = Image.new("RGB", image.size, "white")  # a fresh image carries no metadata over
    if image.mode in ("RGBA", "LA"):
        canvas.paste(image.convert("RGBA"), mask=image.getchannel("A"))
        image = canvas
    canvas.paste(_to_srgb(image, profile))
    return canvas


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Dropping a phone's wide-gamut profile without converting would leave its colours dull."""
    if profile:
        with suppress(Exception):  # a broken profile, or one for another colour model
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
    return image.convert("RGB")


def _encode(image: Image.Image, image_format: str, **options: int) -> bytes:
    output = BytesIO()
    image.save(output, image_format, **options)
    return output.getvalue()


def _difference_hash(image: Image.Image) -> int:
    """Each bit says whether a pixel of a 9 × 8 grey miniature is brighter than its right neighbour."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.LANCZOS).tobytes()
    bits = "".join("01"[left > right] for row in range(8) for left, right in pairwise(grey[row * 9 : row * 9 + 9]))
    return int.from_bytes(int(bits, 2).to_bytes(8), signed=True)
