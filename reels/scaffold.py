"""A new campaign folder: sample footage, sample brand, a campaign file that renders as it stands, a Makefile.

Everything in it is ours and fictitious, and meant to be replaced. It appears whole or not at all.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from reels.errors import UsageError, cannot_write
from reels.resources import assets_dir
from reels.said import Said
from reels.sample import make_footage
from reels.store import team_mode

__all__ = ["make_campaign_folder"]

_HEAD = """\
# 한빛시는 지어낸 도시입니다. 이 파일을 고쳐 여러분의 캠페인으로 쓰세요.
# Hanbit is a made-up city. Change this file into your own campaign.
campaign: {name}
brand: brand.yaml
template: interview            # reels templates
platforms: [instagram-reels, youtube-shorts]   # reels platforms
# nano-ko는 예제 영상만 알아듣습니다. 실제 영상에는 large-v3-turbo를 쓰세요.
# nano-ko understands the sample footage only. Use large-v3-turbo for yours: reels models
subtitles: {{model: nano-ko, language: ko}}
reels:
"""

_FESTIVAL = """\
  - id: festival
    title: 이번 주말, 한옥마을 축제
    clips:
      - footage: footage/IMG_0412.MOV
        people: [{name: 김하늘, role: 한빛시 홍보담당관 주무관}]
    caption: 이번 주말 한옥마을에서 만나요!
    hashtags: [한빛시, 한옥마을, 봄축제]
"""

_FIRST = """\
  - id: first
    title: 우리 동네 작은 영화제
    framing: fit                # auto | follow | split | centre | fit
    clips:
      - footage: footage/C0007.MP4
        people: [{name: 이도윤, role: 시민}]
    caption: 다음 주 금요일, 도서관에서 만나요!
    hashtags: [한빛시, 작은영화제]
"""

_OTHERS = """\
  - id: library
    title: 우리 동네 작은 영화제
    framing: fit
    clips:
      - footage: footage/C0007.MP4
        people: [{name: 이도윤, role: 시민}]
    caption: 다음 주 금요일, 도서관에서 만나요!
    hashtags: [한빛시, 작은영화제]
  - id: youth
    title: 청년 일자리 교육
    clips:
      - footage: footage/DSC_0031.MOV
        people: [{name: 박서연, role: 한빛시 청년센터}]
    caption: 신청은 홈페이지에서 하세요.
    hashtags: [한빛시, 청년]
  - id: storm
    title: 폭우, 안전하게 대피하세요
    template: announcement
    clips:
      - footage: footage/폭우_현장.mp4
    caption: 시민 여러분, 안전하게 대피해 주세요.
    hashtags: [한빛시, 안전]
"""


def make_campaign_folder(folder: Path, *, demo: bool = False) -> Path:
    """Make `folder` and return its absolute path; with `demo` every sample clip has a reel.

    Raises: UsageError for a folder that holds something already, OutputNotWritable.
    """
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            where=str(folder),
            found=Said("something that is already there", ko="이미 있는 것"),
            expected=Said("a new name or an empty folder", ko="새 이름이나 빈 폴더"),
            remedy=Said("choose another name", ko="다른 이름을 골라 주세요."),
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".reels-init-", dir=folder.parent))
    except OSError as error:
        raise cannot_write(folder, error) from None
    try:
        _fill(building, name=folder.name, demo=demo)
        if folder.exists():
            folder.rmdir()
        building.chmod(team_mode(0o777))
        building.rename(folder)
    except OSError as error:
        raise cannot_write(folder, error) from None
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return folder


def _fill(folder: Path, *, name: str, demo: bool) -> None:
    for file in sorted((assets_dir() / "brand").iterdir()):
        shutil.copyfile(file, folder / file.name)
    (folder / "footage").mkdir()
    make_footage(folder / "footage", only=None if demo else ["C0007.MP4"])
    title = "한빛시 예제" if demo else f'"{_quoted(name)}"'
    text = _HEAD.format(name=title) + (_FESTIVAL + _OTHERS if demo else _FIRST)
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    shutil.copyfile(assets_dir() / "campaign" / "Makefile", folder / "Makefile")


def _quoted(name: str) -> str:
    """A folder's name inside a YAML string; what is not plain there becomes a space."""
    return "".join(c if c.isalnum() or c in " -_.()" else " " for c in name).strip() or "reels"
