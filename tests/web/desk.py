"""A desk: a wide window, signed in, with eyes for colours."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.fixtures.networks import Member

WIDE = {"width": 1280, "height": 900}
# how many pixels of a picture are within 24 of a colour in each channel
COUNT = """async ([picture, colour]) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const { data } = canvas.getImageData(0, 0, image.width, image.height);
  let found = 0;
  for (let i = 0; i < data.length; i += 4)
    found += colour.every((part, j) => Math.abs(data[i + j] - part) <= 24);
  return found;
}"""


@dataclass
class Desk:
    """A page that is signed in."""

    page: Page
    address: str

    def open(self, screen: str) -> Page:
        """Load a screen by its name; nothing of the one before it is left."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.address}/start#{screen}")
        return self.page

    def count(self, place: Locator, colour: str) -> int:
        """How many pixels of an element have about this colour, such as `#1d5f74`."""
        picture = base64.b64encode(place.screenshot()).decode()
        parts = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
        return int(self.page.evaluate(COUNT, [picture, parts]))


def sit_down(make: Any, member: Member, **more: Any) -> Desk:
    """Sign somebody in at a desk."""
    device = make(**({"viewport": WIDE} | more))
    return Desk(device.sign_in(member), device.address)
