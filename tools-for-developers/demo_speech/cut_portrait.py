"""Cut the head out of scikit-image's `astronaut` and write `assets/demo/portrait.png`.

Needed only to make that picture again; the result is kept in the repository. Runs in an environment of its
own (`pip install scikit-image opencv-python-headless pillow`), which the project does not depend on. The body
with its name tags and marks is left out: the sample footage draws a jacket instead.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from scipy import ndimage
from skimage import data

PORTRAIT = Path(__file__).resolve().parents[2] / "assets" / "demo" / "portrait.png"

# Corners in pixels of the 512x512 original.
LEFT, TOP, RIGHT, BOTTOM = 136, 0, 320, 208
PERHAPS_HEAD = (
    (148, 100), (152, 60), (165, 35), (190, 15), (230, 8), (270, 20), (296, 45), (306, 85), (300, 115),
    (280, 135), (272, 150), (262, 178), (264, 200), (262, 208), (182, 208), (180, 200), (186, 182),
    (182, 150), (172, 132), (155, 120),
)  # fmt: skip
SURELY_HEAD = (
    (165, 95), (170, 60), (195, 28), (230, 22), (265, 32), (288, 60), (290, 95), (272, 115), (262, 150),
    (245, 176), (245, 208), (192, 208), (192, 176), (188, 140), (178, 115),
)  # fmt: skip
EDGE_PX = 3
"""So far in from the outline the old background shines through; colours there come from further inside."""


def _polygon(corners: tuple[tuple[int, int], ...]) -> np.ndarray:
    return np.array([[(x - LEFT, y - TOP) for x, y in corners]], np.int32)


def main() -> int:
    picture = data.astronaut()[TOP:BOTTOM, LEFT:RIGHT]
    marks = np.full(picture.shape[:2], cv2.GC_BGD, np.uint8)
    cv2.fillPoly(marks, _polygon(PERHAPS_HEAD), cv2.GC_PR_FGD)
    cv2.fillPoly(marks, _polygon(SURELY_HEAD), cv2.GC_FGD)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(np.ascontiguousarray(picture[:, :, ::-1]), marks, None, *models, 8, cv2.GC_INIT_WITH_MASK)
    labels, _ = ndimage.label((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD))
    head = labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1
    head = ndimage.binary_opening(head, iterations=2)
    nearest = ndimage.distance_transform_edt(
        ~ndimage.binary_erosion(head, iterations=EDGE_PX, border_value=1),
        return_distances=False,
        return_indices=True,
    )
    alpha = ndimage.gaussian_filter(ndimage.binary_erosion(head, border_value=1).astype(np.float32), 1.1)
    rgba = np.dstack([picture[tuple(nearest)], np.rint(alpha * 255).astype(np.uint8)])
    rgba[alpha == 0] = 0
    Image.fromarray(rgba).save(PORTRAIT, optimize=True)
    print(f"{PORTRAIT}: {PORTRAIT.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
