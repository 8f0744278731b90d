"""Still lifes of the demonstration's vegetables, drawn and not photographed: nobody's real harvest is claimed."""

from collections.abc import Callable

from .drawing import Picture, Point, curve, lobed, oval, tapered

SHADOW = "#3b3a2a"


def mustard_greens() -> bytes:
    """Cải ngọt: a bunch tied with straw, stems to the left."""
    picture = Picture("#fdf6e3", "#f3e3bd", "#e6cfa0")
    picture.glow(oval((52, 60), 76, 10), SHADOW, 0.32, 2.4)
    for tip, bend, light, dark in (
        ((84, 17), 5, "#63a845", "#2f7d33"),
        ((94, 31), 3, "#5aa03f", "#2b742f"),
        ((92, 58), -4, "#57993d", "#286d2d"),
        ((76, 13), 6, "#74b74f", "#3a8a3a"),
        ((96, 45), -2, "#6bb049", "#33812f"),
        ((82, 60), -5, "#79bb54", "#3f8e3b"),
        ((85, 34), 2, "#86c65c", "#459741"),
    ):
        base = (50 + (tip[0] - 84) * 0.12, 42 + (tip[1] - 38) * 0.32)
        picture.shape(
            tapered(curve((12, 47 + (tip[1] - 38) * 0.16), base, bend * 0.4), (4.6, 3.4, 2.6, 2.2)),
            "#f1f7d3",
            "#b7d58a",
            300,
        )
        picture.leaf(base, tip, 19, light, dark, bend=bend, ruffle=0.35, vein="#d9ecb0")
    for place, tone in ((-3.4, "#b98f4b"), (-1.2, "#cfa75f"), (1.0, "#b98f4b"), (3.2, "#cfa75f")):
        picture.line(curve((27 + place * 0.5, 38.5), (28 + place * 0.5, 55), -1.6), tone, 1.5)
    return picture.jpeg()


def tomatoes() -> bytes:
    """Cà chua: three, one in front."""
    picture = Picture("#eef6ec", "#cfe4cf", "#e9d9bd")
    picture.glow(oval((51, 64), 84, 10), SHADOW, 0.32, 2.2)
    for centre, size, ripe in (((33, 46), 32, "#e2472b"), ((69, 45), 34, "#d9361f"), ((50, 51), 36, "#ee4b2b")):
        _tomato(picture, centre, size, ripe)
    return picture.jpeg()


def _tomato(picture: Picture, centre: Point, size: float, ripe: str) -> None:
    x, y = centre
    picture.shape(lobed(centre, size, size * 0.86, lobes=5, depth=0.014), "#ff8a5c", "#a81f16", 290)
    picture.glow(oval((x + 1, y + size * 0.05), size * 0.72, size * 0.55), ripe, 0.75, 2.4)
    picture.glow(oval((x - size * 0.2, y - size * 0.16), size * 0.2, size * 0.12, turn=-28), "#fff3e6", 0.9, 0.9)
    top = (x + size * 0.03, y - size * 0.36)
    for across, down in ((-0.3, 0.03), (-0.17, 0.19), (0.06, 0.23), (0.26, 0.12), (0.27, -0.05), (-0.09, -0.1)):
        picture.leaf(top, (top[0] + size * across, top[1] + size * down), size * 0.085, "#6fae45", "#2f7a33", bend=0.4)
    picture.line(curve(top, (top[0] + size * 0.05, top[1] - size * 0.17), -0.8), "#4d8b3a", size * 0.042)


def kohlrabi() -> bytes:
    """Su hào: a globe with its stems."""
    picture = Picture("#f2eef8", "#dcd3ec", "#e3d6c0")
    picture.glow(oval((50, 66), 54, 8), SHADOW, 0.32, 2.2)
    for tip, bend, shade in (((20, 14), -3, 0), ((81, 12), 3, 1), ((35, 5), -2, 1), ((66, 5), 2, 0), ((51, 2), 1, 1)):
        base = (50 + (tip[0] - 50) * 0.2, 37)
        middle = (50 + (tip[0] - 50) * 0.62, 37 + (tip[1] - 37) * 0.48)
        picture.shape(tapered(curve(base, middle, bend * 0.6), (2.6, 1.9, 1.5)), "#dcefb4", "#94bf67", 0)
        colours = ("#6aa84f", "#2f7038") if shade else ("#7cb95c", "#3b8143")
        picture.leaf(middle, tip, 15, *colours, bend=bend, ruffle=0.5, vein="#d3e8b4")
    picture.shape(lobed((50, 50), 40, 33, lobes=4, depth=0.012), "#e9f6c2", "#86b75a", 290)
    picture.glow(oval((51, 52), 28, 20), "#b9dc84", 0.7, 3.2)
    picture.glow(oval((42, 43), 9, 5, turn=-25), "#ffffff", 0.75, 1.1)
    for x, y, width in ((35, 45, 6), (46, 56, 7), (60, 47, 6.5), (56, 38, 5.5)):
        picture.line(curve((x - width / 2, y), (x + width / 2, y), -0.8), "#9cc56d", 0.7)
        picture.line(curve((x - width / 2, y - 0.6), (x + width / 2, y - 0.6), -0.8), "#eef8d2", 0.35)
    return picture.jpeg()


def herbs() -> bytes:
    """Rau thơm: three sprigs of mint."""
    picture = Picture("#eaf4f4", "#c9e2e0", "#e8dcc4")
    picture.glow(oval((51, 62), 66, 9), SHADOW, 0.32, 2.4)
    for top, bend in (((23, 13), -3), ((79, 13), 3), ((51, 7), 1)):
        stem = curve((50 + (top[0] - 50) * 0.1, 66), top, bend)
        picture.line(stem, "#5c8f4e", 1.25)
        for step, place in enumerate((14, 21, 28, 34, 39)):
            at, reach = stem[place], 15.5 - step * 2.1
            for side in (-1, 1):
                tip = (at[0] + side * reach, at[1] - reach * (0.28 + 0.1 * step))
                light, dark = ("#7cc46a", "#2f8a46") if (step + side) % 3 else ("#68b45c", "#277a3d")
                picture.leaf(at, tip, reach * 0.62, light, dark, bend=side * 0.8, teeth=9, vein="#b9e0a4")
        tip = (top[0], top[1] - 5)
        picture.leaf(top, tip, 4, "#a3db84", "#4fa257", teeth=6)
    for down, tone in ((58.5, "#cfa75f"), (60.3, "#b98f4b"), (62.1, "#cfa75f")):
        picture.line(curve((45.4, down), (55, down), -0.9), tone, 1.5)
    return picture.jpeg()


def lettuce() -> bytes:
    """Xà lách: one head, seen from the front."""
    picture = Picture("#fdf1ec", "#f2d8cc", "#e2cda9")
    picture.glow(oval((50, 66), 66, 8), SHADOW, 0.32, 2.2)
    rows = (
        (((13, 33), -5), ((87, 33), 5), ((26, 14), -4), ((74, 14), 4), ((50, 6), 1)),
        (((18, 47), -4), ((82, 47), 4), ((34, 20), -3), ((66, 20), 3)),
        (((27, 53), -3), ((73, 53), 3), ((43, 23), -2), ((58, 24), 2)),
        (((37, 37), -2), ((63, 37), 2), ((50, 31), 1)),
    )
    colours = (("#7cbf4e", "#d9edae"), ("#93cf5d", "#e4f3bf"), ("#aedd74", "#edf8cf"), ("#cbea95", "#f6fbe2"))
    for row, (edge, heart) in zip(rows, colours, strict=True):
        for tip, bend in row:
            picture.leaf((50, 64), tip, 27, edge, heart, bend=bend, ruffle=1.15, vein="#f3fae0")
    return picture.jpeg()


def carrots() -> bytes:
    """Cà rốt: four with their greens."""
    picture = Picture("#eaf2fb", "#cadcf0", "#e9d6b6")
    picture.glow(oval((44, 62), 80, 9), SHADOW, 0.32, 2.2)
    for shoulder, tip, bend in (
        ((61, 26), (8, 33), 1.5),
        ((62, 36), (6, 45), -1.0),
        ((61, 47), (9, 56), -1.6),
        ((60, 57), (17, 64), -1.2),
    ):
        for step in range(6):
            end = (88 + step % 3 * 5, shoulder[1] - 17 + step * 6.0)
            stalk = curve((shoulder[0] - 1, shoulder[1]), end, (step - 2.5) * 0.5)
            picture.line(stalk, "#5b9a44", 0.7)
            for place in range(14, 41, 4):
                for side in (-1, 1):
                    at = stalk[place]
                    frond = (at[0] + 3.2, at[1] + side * 3.4)
                    picture.leaf(at, frond, 1.5, "#79bb55", "#3a8a3c", bend=side * 0.3)
        spine = curve(shoulder, tip, bend)
        picture.shape(
            tapered(curve(shoulder, tip, bend, 160), (9, 9.2, 8.6, 7.2, 5.4, 3.4, 1.2), rounded=0.05),
            "#ffa24a",
            "#d85a12",
            280,
        )
        picture.line([(x, y - 1.7) for x, y in spine[4:22]], "#ffc27c", 0.8)
        for place in (6, 11, 17, 24, 30):
            x, y = spine[place]
            picture.line(curve((x, y + 1.4), (x + 0.4, y + 3.1), 0.2), "#bf4c0e", 0.3)
    return picture.jpeg()


def cucumbers() -> bytes:
    """Dưa chuột: three side by side and two slices."""
    picture = Picture("#f4f7e6", "#dde7bd", "#e8d7b5")
    picture.glow(oval((50, 60), 86, 10), SHADOW, 0.32, 2.4)
    for start, end, bend in (((12, 27), (83, 17), 3), ((9, 40), (86, 30), 3), ((13, 54), (70, 47), 2.5)):
        spine = curve(start, end, bend)
        picture.shape(
            tapered(curve(start, end, bend, 160), (9, 11, 12, 12, 11.4, 9), rounded=0.09), "#7dbb56", "#1f6230", 275
        )
        for offset, tone, width in ((-3.2, "#a7d67f", 0.9), (0.2, "#57a04a", 0.5), (3, "#2c7539", 0.5)):
            picture.line([(x, y + offset) for x, y in spine[5:36]], tone, width)
        for place in range(6, 36, 5):
            x, y = spine[place]
            picture.shape(oval((x, y - 1 + place % 3), 0.8, 0.6), "#cfe9ad", "#8fc069")
        picture.line(curve(end, (end[0] + 5, end[1] - 2), 0.6), "#6a9a49", 1.2)
    for x, y in ((72, 57), (86, 55)):
        picture.glow(oval((x, y + 6.5), 16, 5), SHADOW, 0.4, 1)
        picture.shape(oval((x, y), 17, 15), "#4d9a45", "#20632f")
        picture.shape(oval((x, y - 0.2), 15.2, 13.2), "#f4fbd9", "#cfe79c")
        picture.shape(lobed((x, y - 0.2), 9.6, 8.2, lobes=3, depth=0.1), "#e6f4bb", "#b8da84")
        for seed in lobed((x, y - 0.2), 6.6, 5.6, lobes=3, depth=0.12)[::10]:
            picture.shape(oval(seed, 1.1, 0.7), "#fdfff0", "#e2edb8")
    return picture.jpeg()


def gourds() -> bytes:
    """Bí xanh: one long gourd and its vine."""
    picture = Picture("#fbf3e7", "#efdcbd", "#dcc9a4")
    picture.glow(oval((50, 63), 84, 9), SHADOW, 0.32, 2.4)
    spine = curve((9, 50), (88, 40), 2)
    picture.shape(
        tapered(curve((9, 50), (88, 40), 2, 160), (20, 25, 26, 26, 24, 19), rounded=0.13), "#9fca7d", "#2d6b45", 275
    )
    picture.glow(tapered(spine[8:32], (3, 5, 3)), "#d5ecbd", 0.5, 1.6)
    for place in range(4, 38, 2):
        x, y = spine[place]
        for offset in (-7, -1.5, 4, 7.4):
            picture.shape(oval((x + offset % 3, y + offset + place % 4), 0.8, 0.5), "#e4f3d5", "#b9d9a5")
    picture.line(curve((88, 40), (95, 26), -3), "#6c8f48", 1.8)
    picture.line(curve((93, 30), (80, 14), 4), "#7ba254", 0.8)
    picture.leaf((92, 28), (62, 12), 21, "#79b255", "#34783d", bend=-3, ruffle=0.9, teeth=5, vein="#cbe5ae")
    picture.shape(lobed((36, 27), 11, 10, lobes=5, depth=0.17, turn=12), "#ffe27a", "#f0b429", 280)
    picture.shape(oval((36, 27), 3, 3), "#f9c846", "#c97f16")
    return picture.jpeg()


PICTURES: dict[str, Callable[[], bytes]] = {
    drawn.__name__: drawn for drawn in (mustard_greens, tomatoes, kohlrabi, herbs, lettuce, carrots, cucumbers, gourds)
}
"""JPEGs of 1200 × 900 pixels, the same bytes each time."""
