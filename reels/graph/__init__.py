"""Values → ffmpeg filter graph → argv, built with ffmpeg-python.

`picture` draws frames, `sound` makes the programme's audio, `command` is what both return. Everything inside a
filter string is a number or a neutral generated name; users' names appear only as plain arguments. Nothing
here runs anything: `tools` does.
"""
