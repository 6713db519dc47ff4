"""The sound of footage and of a programme: which is meant, how it is heard, how loud it should be.

    soundtrack   which track and channels of a film are meant
    listen       footage → samples, for a recogniser
    levels       how loud footage is over its time, remembered
    music        whether a file is music that can be laid under a reel
    ducking      how loud music is at every sample
    denoising    steady noise out of speech
    loudness     measured loudness → the gain that reaches the target

`recognise` and `hearing`, which know speech, come after; `graph` lays on what is decided here.
"""
