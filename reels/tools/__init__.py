"""The one gate to other programs: nothing outside this room starts a process.

`child` owns a process from its start to its certain end; `ffmpeg` finds, asks and runs ffmpeg. What to run is
decided elsewhere and arrives as finished arguments.
"""
