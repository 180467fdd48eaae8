"""The words of the document that is written in every format: our own, about places made up.

Headings, paragraphs with figures, a numbered list and a table, in Simplified characters; and the
same in Traditional ones. Knows no format.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`items` follow the paragraphs, the table follows the items; its first row is its head."""

    heading: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    table: Rows = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """`date` is ISO 8601; `byline` is the line under the title that says it in words."""

    title: str
    byline: str
    author: str
    date: str
    sections: tuple[Section, ...]

    @property
    def table(self) -> Rows:
        return next(section.table for section in self.sections if section.table)

    @property
    def lines(self) -> tuple[str, ...]:
        """Title, byline, headings, paragraphs and items as they follow each other; no table."""
        found = [self.title, self.byline]
        for section in self.sections:
            found += [section.heading, *section.paragraphs, *section.items]
        return tuple(found)


SIMPLIFIED = Sample(
    title="青禾县乡镇图书馆三年建设情况报告",
    byline="2023年9月18日 来源：青禾县文化和旅游局",
    author="青禾县文化和旅游局",
    date="2023-09-18",
    sections=(
        Section(
            "一、基本情况",
            (
                "青禾县位于沱河上游，全县有11个乡镇、126个行政村，常住人口34.7万人。2020年以前，"
                "全县只有一座县图书馆，建筑面积1860平方米，藏书9.4万册，离县城最远的石梯乡有78公"
                "里，村民要借一本书，来回得坐四个多小时的班车。当年的问卷显示，受访的2315名村民中"
                "，去过县图书馆的不到百分之九。",
                "2020年11月，县里决定用三年时间为每个乡镇建一座图书馆，为人口超过1500人的村建一间"
                "书屋，总投资4820万元，其中省级补助1900万元，县级财政2350万元，社会捐款570万元。"
                "项目由县文化和旅游局牵头，发展改革、财政、住房城乡建设和教育四个部门配合，每季度"
                "向县人民代表大会常务委员会报告一次进度。",
            ),
        ),
        Section(
            "二、主要做法",
            ("三年来，各乡镇根据自己的条件选择办法，归纳起来有以下四条：",),
            (
                "1. 利旧不新建。有7个乡镇把撤并后空置的小学校舍改成图书馆，平均每平方米造价1130元"
                "，比新建节省约六成，改造后的房屋全部通过了抗震鉴定。",
                "2. 一张卡通借通还。读者凭身份证在任何一座图书馆办卡，可以在另外十座归还；县里每"
                "周二、周五派两辆流动书车调配图书，平均调配一册书的费用是1.35元。",
                "3. 请村里人管村里的书。招聘的43名管理员里有29名是返乡青年和退休教师，每月补贴120"
                "0元至1800元，上岗前要接受40个课时的培训。",
                "4. 把活动办在农闲时。每年十月至次年二月安排种植、养殖、法律和保健讲座，三年共举"
                "办386场，听众累计2.1万人次。",
            ),
        ),
        Section(
            "三、建设结果",
            (
                "截至2023年8月31日，十一座乡镇图书馆全部开放，村级书屋建成52间，全县公共藏书增加"
                "到27.8万册。各主要乡镇图书馆的面积、藏书和借阅情况见下表。",
            ),
            (),
            (
                ("乡镇", "开放日期", "面积（平方米）", "藏书（册）", "年借阅（人次）"),
                ("石梯乡", "2021年5月", "420", "12600", "8350"),
                ("柳湾镇", "2021年9月", "760", "21400", "19720"),
                ("大坪乡", "2022年3月", "385", "9800", "6140"),
                ("云岭镇", "2022年12月", "910", "26300", "23085"),
                ("河口镇", "2023年6月", "655", "17200", "11460"),
            ),
        ),
        Section(
            "四、存在的问题",
            (
                "一是购书经费不稳定。2022年全县购书经费为118万元，人均3.4元，低于全市平均水平；其"
                "中捐款占了41%，一旦捐款减少，新书就难以补充。二是数字资源用得少，电子阅览室每天"
                "平均只开机2.6小时，设备利用率不到两成。三是个别书屋选址偏远，冬季大雪封路时，黄"
                "杨村和上寨村的书屋要关闭二十多天。",
                "管理员流动也比较大。三年里先后有14人离岗，原因主要是补贴低、没有职业上升的通道。"
                "柳湾镇的做法值得借鉴：该镇把管理员纳入公益性岗位，缴纳社会保险，至今没有一人离开"
                "。",
            ),
        ),
        Section(
            "五、下一步打算",
            (
                "2024年起，县财政每年安排购书经费不少于150万元，并写入年度预算；为偏远村庄配备6个"
                "可以移动的书箱，雪季之前送到村小学。电子阅览室改为自习室与电子阅览合用，晚上开放"
                "到九点半。",
                "县图书馆还将与沱河师范学院合作，用两年时间整理本县的族谱、碑刻和地方戏抄本，已登"
                "记的有312种、1047册，其中清代抄本26册。整理好的文献先做数字化，再择要印行，供乡"
                "亲们和研究者查阅。",
            ),
        ),
    ),
)


@lru_cache(maxsize=1)
def traditional() -> Sample:
    """The same in Traditional characters, phrase by phrase."""
    from opencc import OpenCC  # a dictionary of 1 MB; not at import

    convert = OpenCC("s2twp").convert
    sections = tuple(
        Section(
            convert(each.heading),
            tuple(map(convert, each.paragraphs)),
            tuple(map(convert, each.items)),
            tuple(tuple(map(convert, row)) for row in each.table),
        )
        for each in SIMPLIFIED.sections
    )
    return replace(
        SIMPLIFIED,
        title=convert(SIMPLIFIED.title),
        byline=convert(SIMPLIFIED.byline),
        author=convert(SIMPLIFIED.author),
        sections=sections,
    )
