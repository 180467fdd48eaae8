"""Two documents that give two values of one measure contradict each other; of another time, body or
measure they do not.
"""

import pytest

from service.archive import Archive
from tests.archives import archive_of

# (question, one document, the other)
ONE_THING = [
    ("青禾水库总库容是多少？", "青禾水库总库容为3200万立方米。",
     "据统计，青禾水库总库容3500万立方米。"),
    ("白鹿中学有多少名教师？", "白鹿中学现有教师126名。", "白鹿中学共有教师132名。"),
    ("松岭隧道全长多少米？", "松岭隧道全长1840米。", "松岭隧道全长1790米，双向通车。"),
    ("云台村有多少户？", "云台村共有412户。", "云台村全村428户。"),
    ("望江大桥哪年建成的？", "望江大桥于1998年建成。", "据县志，望江大桥2001年建成。"),
    ("海棠影院的座位有多少个？", "海棠影院有座位560个。", "海棠影院共设座位620个。"),
    ("东湖泵站的装机容量是多少？", "东湖泵站装机容量为850千瓦。", "东湖泵站装机容量达920千瓦。"),
    ("红枫林场2023年造林多少亩？", "2023年红枫林场造林1200亩。", "红枫林场2023年造林1500亩。"),
    ("翠微小区物业费每平方米多少元？", "翠微小区物业费每平方米2.4元。",
     "翠微小区物业费为每平方米2.8元。"),
    ("金沙码头有几个泊位？", "金沙码头现有泊位6个。", "金沙码头设泊位8个。"),
]  # fmt: skip
TWO_THINGS = [
    ("红枫林场2022年造林多少亩？", "2022年红枫林场造林1100亩。", "红枫林场2023年造林1500亩。"),
    ("白鹿中学有多少名教师？", "白鹿中学现有教师126名。", "白鹿小学共有教师58名。"),
    ("青禾水库总库容是多少？", "青禾水库总库容为3200万立方米。",
     "青禾水库兴利库容为2100万立方米。"),
    ("云台村有多少户？", "云台村共有412户。", "云台村低保户37户。"),
    ("望江大桥哪年建成的？", "望江大桥于1998年建成。", "望江大桥2015年加固。"),
    ("海棠影院的座位有多少个？", "海棠影院有座位560个。", "海棠书店有座位60个。"),
    ("东湖泵站的装机容量是多少？", "东湖泵站装机容量为850千瓦。", "西湖泵站装机容量为920千瓦。"),
    ("翠微小区停车费每月多少元？", "翠微小区停车费每月240元。", "翠微小区物业费每月180元。"),
    ("金沙码头有几个泊位？", "金沙码头现有泊位6个。", "银沙码头设泊位8个。"),
    ("松岭隧道全长多少米？", "松岭隧道全长1840米。", "松岭大桥全长790米。"),
]  # fmt: skip


def _conflicts(pair: tuple[str, str, str], folder_of: pytest.TempPathFactory) -> bool:
    question, *texts = pair
    files = {f"{n}.txt": f"情况说明{n}\n{text}\n" for n, text in zip("甲乙", texts, strict=True)}
    archive: Archive = archive_of(files, folder_of.mktemp("pair"))
    return bool(archive.ask(question).conflicts)


@pytest.mark.parametrize("pair", ONE_THING, ids=lambda pair: pair[0])
def test_two_values_of_one_thing(
    pair: tuple[str, str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert _conflicts(pair, tmp_path_factory)


@pytest.mark.parametrize("pair", TWO_THINGS, ids=lambda pair: pair[0])
def test_two_things(pair: tuple[str, str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    assert not _conflicts(pair, tmp_path_factory)
