"""What Pillow draws and moviepy animates: titles, names, stamps, lists, pictures, cards, the logo, the cover.

    elements    what is shown, as values; `colour` beside them
    text        words fitted into a room, from `letters`; `words` puts several into one, `column` below each other
    alpha       masks and plates with straight alpha; `icons` the signs
    opening     picture files of unknown origin; `logo`, by `svg` too, and `photo` within limits of their own
    title …     one module for each kind of element, `grounds` for what is behind cards, `cover` for the cover
    scene       pictures over time, as runs
    drawing     any element → its raster, its pictures over time
    motion      pictures over time → a short clip with alpha

Before it stand `campaign` (what is shown, in which style) and `layout` (how much room there is); after it `graph` lays
the clips over the picture. Nothing here sees a frame of the footage, except the one still that becomes the cover.
"""
