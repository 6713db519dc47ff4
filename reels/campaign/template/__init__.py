"""Templates: where and how everything over the picture is shown, from a `template.yaml`.

    styles    frozen values
    keys      what the file may say, and what holds where it does not
    finding   templates by their names, with all that they extend
    looks     template and brand together
    slots     every slot in words

A template names colours by their role in the brand. It draws nothing and knows no platform.
"""

from reels.campaign.template.finding import (
    TEMPLATES_VARIABLE,
    list_templates,
    load_template,
    template_folders,
)
from reels.campaign.template.looks import (
    card_ground,
    card_look,
    card_shade,
    counter_look,
    cover_look,
    list_look,
    lower_third_look,
    lower_third_motion,
    motion_of,
    picture_look,
    plate_look,
    progress_look,
    template_problems,
    title_look,
    title_motion,
    zones_of,
)
from reels.campaign.template.slots import Slot, slots_of
from reels.campaign.template.styles import CardStyle, PlateStyle, Template

__all__ = [
    "TEMPLATES_VARIABLE",
    "CardStyle",
    "PlateStyle",
    "Slot",
    "Template",
    "card_ground",
    "card_look",
    "card_shade",
    "counter_look",
    "cover_look",
    "list_look",
    "list_templates",
    "load_template",
    "lower_third_look",
    "lower_third_motion",
    "motion_of",
    "picture_look",
    "plate_look",
    "progress_look",
    "slots_of",
    "template_folders",
    "template_problems",
    "title_look",
    "title_motion",
    "zones_of",
]
