"""How `nano-ko`, the small speech model of the demo and the tests, is made.

    vocabulary -> synthesise -> windows -> model -> train -> export -> evaluate

Needs espeak-ng, torch and openai-whisper, which the product does not; nothing in `reels` imports from here.
Run as `python -m nano_ko.train` from `tools-for-developers/`; README.md has the recipe and the figures.
"""
