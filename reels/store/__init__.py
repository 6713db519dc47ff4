"""The store in `.reels/`: results by fingerprint, the journal of finished steps, the lock of a run.

    .reels/
      version                 of this layout
      lock                    held by the run that is working here; says who that is
      journal.jsonl           what each step id was last made from, and before that
      results/ab/abcd…/       result.json and the files of one step
      parts/abcd…/            what was heard so far of a film that is being listened to
      drafts/                 what we last wrote as drafts
      work/                   folders of steps that are running, empty otherwise
      trash/                  on its way out, empty otherwise

    writing       a text replaced as a whole, a file brought safely to the disk, a folder gone by one rename
    results       a result's record; whether its files are whole
    journal       what steps were made from
    lock          one run at a time
    opened        `Store`: all of these for one campaign
    inventory     what lies in the store: kind, size, age, whether anybody needs it
    housekeeping  what to take away, and taking it away; results verified in full

A result appears by one rename of a finished folder and goes by one rename, so a killed run leaves results that are
whole or not there. Everything in here but `drafts` can be made again: the folder is safe to delete. It decides
nothing about reels; `plan` asks, `run` writes.
"""

from reels.store.housekeeping import (
    Damage,
    Needed,
    Pruned,
    PrunedWhy,
    Pruning,
    Verification,
    prune,
    set_aside,
    to_prune,
    verify,
)
from reels.store.inventory import State, Stored, take_inventory
from reels.store.journal import JournalEntry
from reels.store.lock import take_lock, waiting_for
from reels.store.opened import Store
from reels.store.results import Result, fault_in
from reels.store.shared import awaited
from reels.store.writing import HELLO, team_mode, write_atomically

__all__ = [
    "HELLO",
    "Damage",
    "JournalEntry",
    "Needed",
    "Pruned",
    "PrunedWhy",
    "Pruning",
    "Result",
    "State",
    "Store",
    "Stored",
    "Verification",
    "awaited",
    "fault_in",
    "prune",
    "set_aside",
    "take_inventory",
    "take_lock",
    "team_mode",
    "to_prune",
    "verify",
    "waiting_for",
    "write_atomically",
]
