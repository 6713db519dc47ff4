"""Subtitle drafts as files that a person's edit survives: what we wrote, what a person made of it, what is new.

    subtitles/IMG_0412.ko.srt        the draft; from the first change on a person's, and never written over
    subtitles/IMG_0412.ko.json       its report: made from what, what was not believed, what was corrected
    subtitles/IMG_0412.ko.new.srt    a newer draft beside an edited one, with a report of its own
    subtitles/IMG_0412.ko.old.srt    the edited one, where a person took the newer one

A draft is ours while its bytes are those that we wrote. The record of them lies in the store, and once more in
the report: a store that is deleted makes no draft a person's. Every file appears by one rename; the record comes
first, for a kill in between leaves a draft that counts as a person's, which is safe. Nothing here listens or
plans: `cues` and `store` stand before, `survey` and `perform` after.

    records   what we wrote under which name, and where it lies
    compare   what differs between two drafts
    report    what a person should know of a draft
    put       a new draft in its place, or beside; the newer one taken
    restore   what was not believed, put back into a draft
    held      one writer at a time
    merging   two edits of one draft, cue by cue
    editing   a draft edited by a program of ours, beside whoever edits the same file
"""

from __future__ import annotations

from reels.drafts.compare import Difference, differences, words_digest
from reels.drafts.editing import (
    NO_DRAFT,
    EditedDraft,
    SavedEdit,
    draft_version,
    mine_beside,
    read_draft,
    save_edit,
)
from reels.drafts.held import drafts_held
from reels.drafts.merging import Conflict, Merged, merge_cues
from reels.drafts.put import NewDraft, Put, put_draft, take_draft
from reels.drafts.records import (
    REPORT_SCHEMA,
    DraftRecord,
    draft_path,
    draft_record,
    offered_beside,
    report_path,
    require_no_folder,
    write_draft_record,
)
from reels.drafts.report import draft_report
from reels.drafts.restore import cues_of_dropped, inserted

__all__ = [
    "NO_DRAFT",
    "REPORT_SCHEMA",
    "Conflict",
    "Difference",
    "DraftRecord",
    "EditedDraft",
    "Merged",
    "NewDraft",
    "Put",
    "SavedEdit",
    "cues_of_dropped",
    "differences",
    "draft_path",
    "draft_record",
    "draft_report",
    "draft_version",
    "drafts_held",
    "inserted",
    "merge_cues",
    "mine_beside",
    "offered_beside",
    "put_draft",
    "read_draft",
    "report_path",
    "require_no_folder",
    "save_edit",
    "take_draft",
    "words_digest",
    "write_draft_record",
]
