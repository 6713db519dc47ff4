"""Values → ffmpeg filter graph → argv, built with ffmpeg-python.

    picture  pieces of footage → frames of the reel, with overlays and subtitles
    crop     a window that moves over the picture
    colour   what each file's tags ask for → BT.709; `tones` makes its tables
    sound    the programme's audio; `music` lies under it
    command  what all of them return

Everything inside a filter string is a number or a neutral generated name; users' names appear only as plain
arguments. Nothing here runs anything: `tools` does.
"""
