"""Who does the steps: threads of this process (`local`), or workers on other machines (`cluster`).

A crew says how much it bears and takes steps one by one; `run` chooses among the ready ones. `perform` stands before.
"""

from reels.crews.local import LocalCrew, local_capacity

__all__ = ["LocalCrew", "local_capacity"]
