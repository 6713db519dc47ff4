"""What Pillow draws and moviepy animates: title, lower third, logo, cover.

`colour` and `elements` are plain values; `text` fits words into a room, `draw` turns them into stills
with straight alpha, `motion` turns a still into a short clip. Before it stand `campaign` (what is shown,
in which style) and `layout` (how much room there is); after it `graph` lays the clips over the picture.
Nothing here starts a process itself or sees a frame of the footage, except the one still that becomes the
cover.
"""
