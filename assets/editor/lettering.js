// @ts-check
/** Captions drawn as libass burns them in: same file of the font, same size, same baselines. */

/** @typedef {import("./programme.js").Style} Style */
/** @typedef {import("./programme.js").Caption} Caption */

/** @type {Map<string, Promise<string>>} */
const loaded = new Map();

/**
 * The family under which the font with this content is known to the page.
 * @param {string} sha256
 */
export function font(sha256) {
  let family = loaded.get(sha256);
  if (!family) {
    const name = `reels-${sha256.slice(0, 16)}`;
    const face = new FontFace(name, `url(/api/fonts/${sha256})`);
    document.fonts.add(face);
    family = face.load().then(() => name);
    loaded.set(sha256, family);
  }
  return family;
}

/**
 * @param {CanvasRenderingContext2D} canvas cleared and scaled so that a unit is a pixel of the raster
 * @param {Caption[]} captions
 * @param {Style} style
 * @param {string} family
 * @param {number} frame
 */
export function letter(canvas, captions, style, family, frame) {
  canvas.textAlign = "left";
  canvas.textBaseline = "alphabetic";
  canvas.fontKerning = "normal";
  canvas.lineJoin = "round";
  for (const caption of captions) {
    // Piece by piece, as libass sets them: letters are kerned within a piece and never across its ends.
    const pieces = caption.lines.map((line) => {
      canvas.font = `${line.size}px "${family}"`;
      return line.runs.map((run) => canvas.measureText(run.text).width);
    });
    const widths = pieces.map((of) => of.reduce((sum, width) => sum + width, 0));
    if (style.box) {
      const half = Math.max(...widths) / 2 + style.box.padding;
      canvas.fillStyle = style.box.colour;
      canvas.fillRect(
        caption.centre - half,
        caption.top - style.box.padding,
        2 * half,
        caption.bottom - caption.top + 2 * style.box.padding,
      );
    }
    const spoken = caption.spoken.filter((word) => word.frames[0] <= frame && frame < word.frames[1]);
    caption.lines.forEach((line, number) => {
      canvas.font = `${line.size}px "${family}"`;
      let left = caption.centre - widths[number] / 2;
      const places = line.runs.map((run, at) => {
        const place = { ...run, left };
        left += pieces[number][at];
        return place;
      });
      if (line.outline > 0) {
        canvas.lineWidth = 2 * line.outline;
        canvas.strokeStyle = style.outline_colour;
        for (const piece of places) canvas.strokeText(piece.text, piece.left, line.baseline);
      }
      for (const piece of places) {
        const isSpoken = spoken.some((word) => word.line === number && word.first <= piece.first && piece.first < word.end);
        canvas.fillStyle = isSpoken && style.spoken_colour ? style.spoken_colour : piece.colour;
        canvas.fillText(piece.text, piece.left, line.baseline);
      }
    });
  }
}
