// @ts-check
/**
 * Times of the footage ↔ frames of the programme, by the cut that the server has made.
 *
 * @typedef {{clip: number | null, source_ms: number, frames: [number, number]}} Span
 * @typedef {{text: string, colour: string, first: number}} Run
 * @typedef {{size: number, outline: number, baseline: number, runs: Run[]}} Line
 * @typedef {{line: number, first: number, end: number, frames: [number, number]}} Spoken
 * @typedef {{frames: [number, number], centre: number, top: number, bottom: number, lines: Line[], spoken: Spoken[], second: boolean}} Caption
 * @typedef {{font: string, outline_colour: string, spoken_colour: string | null,
 *   box: {colour: string, padding: number} | null,
 *   plain: {size: number, outline: number, height: number, descent: number, foot: number, centre: number, colour: string}}} Style
 * @typedef {{rate: [number, number], frames: number, raster: [number, number], spans: Span[], style: Style, captions: Caption[]}} Said
 */

import { isMarked } from "./edits.js";

export class Programme {
  /** @param {Said} said */
  constructor(said) {
    this.said = said;
    this.rate = said.rate[0] / said.rate[1];
    this.frames = said.frames;
  }

  /** @param {number} frame */
  millisecondsOf(frame) {
    return (frame / this.rate) * 1000;
  }

  /** @param {number} milliseconds */
  frameAt(milliseconds) {
    return Math.min(this.frames - 1, Math.max(0, Math.round((milliseconds / 1000) * this.rate)));
  }

  /**
   * The stretches of the programme in which `[start, end)` of clips is heard.
   * @param {readonly number[]} clips
   * @param {number} start
   * @param {number} end
   * @returns {[number, number][]}
   */
  stretches(clips, start, end) {
    /** @type {[number, number][]} */
    const found = [];
    for (const span of this.said.spans) {
      if (span.clip === null || !clips.includes(span.clip)) continue;
      const [first, last] = span.frames;
      const on = first + ((start - span.source_ms) / 1000) * this.rate;
      const off = first + ((end - span.source_ms) / 1000) * this.rate;
      const shown = [Math.max(first, on), Math.min(last, off)];
      if (shown[1] - shown[0] > 1e-6) found.push([shown[0], shown[1]]);
    }
    return found;
  }

  /**
   * Which clip plays at a frame, and what time of its footage; null for a card.
   * @param {number} frame
   */
  sourceAt(frame) {
    const span = this.said.spans.find((one) => one.frames[0] <= frame && frame < one.frames[1]) ?? this.said.spans.at(-1);
    if (!span || span.clip === null) return null;
    return { clip: span.clip, milliseconds: span.source_ms + ((frame - span.frames[0]) / this.rate) * 1000 };
  }

  /** The frame that plays a time of a clip's footage, or the nearest one after it. @param {{clip: number, milliseconds: number}} at */
  frameOf(at) {
    let nearest = 0;
    for (const { clip, source_ms, frames } of this.said.spans) {
      if (clip !== at.clip) continue;
      const frame = frames[0] + Math.floor(((at.milliseconds - source_ms) / 1000) * this.rate + 1e-6);
      if (frame < frames[1]) return Math.max(frame, frames[0]);
      nearest = frames[1] - 1;
    }
    return nearest;
  }

  /** The captions in a frame. @param {number} frame */
  captionsAt(frame) {
    return this.said.captions.filter((one) => one.frames[0] <= frame && frame < one.frames[1]);
  }

  /**
   * The same programme with a caption that is being typed, until the server has said how it is set.
   * @param {[number, number][]} stretches where it stands
   * @param {string} text
   */
  withTyped(stretches, text) {
    const { plain } = this.said.style;
    const lines = isMarked(text) ? [] : text.split("\n").map((line) => line.trim()).filter(Boolean);
    const overlaps = (/** @type {[number, number]} */ frames) =>
      stretches.some(([on, off]) => frames[0] < off - 0.5 && on + 0.5 < frames[1]);
    const captions = this.said.captions.filter((one) => one.second || !overlaps(one.frames));
    for (const [on, off] of lines.length ? stretches : []) {
      captions.push({
        frames: [Math.round(on), Math.max(Math.round(off), Math.round(on) + 1)],
        centre: plain.centre,
        top: plain.foot - lines.length * plain.height,
        bottom: plain.foot,
        lines: lines.map((line, number) => ({
          size: plain.size,
          outline: plain.outline,
          baseline: plain.foot - plain.descent - (lines.length - 1 - number) * plain.height,
          runs: [{ text: line, colour: plain.colour, first: 0 }],
        })),
        spoken: [],
        second: false,
      });
    }
    return new Programme({ ...this.said, captions });
  }
}
