"""The subject is treated and the asked fact is not: refused; what stands beside it is answered."""

import pytest

from service.archive import Archive
from tests.archives import archive_of

FILES = {
    "驻村简报.txt": (
        "柳沟村帮扶简报（第三期）\n\n2021年8月12日　记录：帮扶办\n\n"
        "【入户走访】\n工作队走访了七十二户，登记问题三十一个。志愿者给两所村小送去书包二百个，"
        "一所在柳沟村，一所在石坝村。\n\n"
        "【整改】\n第一书记贺明川带着大家改问题，每周销号。柳沟村的问题有三十一个，"
        "石坝村只有九个。卫生室修缮花了六万元。\n\n"
        "【产业】\n村里的合作社去年卖出农产品一百二十万元。养殖户有十八户。\n"
    ),
    "年度计划.md": (
        "# 三县退出计划（按年份）\n\n日期：2019年1月5日\n\n"
        "一、二〇一八年\n\n- 临川县：退出村二十一个；减贫三千一百人。\n"
        "- 白水县：退出村十五个；减贫二千零五十人。\n\n"
        "二、二〇一九年\n\n- 白水县：退出村三十二个；减贫四千四百人。\n- 东岭县：退出村八个。\n\n"
        "三、二〇二〇年\n\n- 临川县：退出村六个；全部清零。\n"
    ),
    "名单.csv": (
        "市,年份,摘帽县数,摘帽县\n安陵,2018,2个,白水、临川\n安陵,2019,1个,东岭\n"
        "固原,2019,3个,北屏、南屏、高台\n"
    ),
    "白水县防火通知.txt": (
        "白水县人民政府办公室文件\n白政办发〔2022〕17号\n\n关于做好森林防火工作的通知\n\n"
        "各乡镇：\n防火期从2022年11月15日起至2023年4月15日止。值班电话0733-5550188。\n\n"
        "白水县人民政府办公室\n2022年10月28日\n"
    ),
    "东岭县防汛通知.txt": (
        "东岭县水务局\n关于做好2023年防汛工作的通知\n\n各乡镇：\n"
        "汛期从5月1日至9月30日。编织袋储备两万条。\n\n东岭县水务局\n2023年4月20日\n"
    ),
    "修改决定.txt": (
        "关于修改食堂管理办法的决定\n\n一、将第二条中的“七点”修改为“七点半”。\n"
        "二、将第三条中的“二百元”修改为“二百五十元”。\n"
    ),
    "高校帮扶.md": (
        "# 江州农业大学帮扶白水县纪实\n\n来源：江州农业大学新闻网\n\n"
        "9月16日，校党委书记林怀远带队到白水县调研。副校长周启明、农学院院长杜若飞参加。\n\n"
        "学校为白水县第一小学捐赠电脑四十台。县第二小学获赠图书三千册。\n\n"
        "全校师生共捐款八万五千元，其中教职工捐款六万元。\n"
    ),
    "作息.md": (
        "# 白水县第一小学作息\n\n| 班级 | 班主任 | 教室 |\n| --- | --- | --- |\n"
        "| 一年级1班 | 孙丽华 | 101室 |\n| 一年级2班 | 方志远 | 102室 |\n"
        "| 二年级1班 | 钱素琴 | 201室 |\n\n学校共有学生486人，教师32人。\n"
    ),
    "年报.md": (
        "# 青岩食品公司2022年报\n\n公司2022年营业收入3.2亿元。员工共有412人。\n\n"
        "董事长魏长青表示，2023年将新建一条生产线。\n"
    ),
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("archive"))


@pytest.mark.parametrize(
    "question",
    [
        "石坝村的第一书记是谁",  # of another village
        "石壩村衛生室修繕花了多少錢",
        "石坝村走访了多少户",
        "临川县2019年要退出几个村",  # of another year
        "临川县２０１９年减贫多少人",
        "东岭县2018年退出多少个村",
        "东岭县2019年减贫多少人",  # of another measure
        "固原2018年摘帽了几个县",  # of another row's year
        "东岭县防汛通知的文号是什么",  # its neighbour has one
        "食堂管理办法第二章叫什么",  # its second line is no chapter
        "白水县县长是谁",  # of another office
        "白水县副县长是哪位",
        "林怀远捐了多少钱",  # of everybody
        "周启明捐款多少元",
        "白水县第二小学获赠电脑多少台",  # of another school
        "二年级2班的教室在哪",
        "魏长青今年多大",
        "石坝村的值班电话",
    ],
)
def test_a_near_miss_is_refused(archive: Archive, question: str) -> None:
    answer = archive.ask(question)
    assert answer.abstained, answer.answer
    assert answer.short_answer is None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("柳沟村第一书记是谁", "贺明川"),
        ("石坝村有多少个问题", "九个"),
        ("柳沟村养殖户有几户", "十八户"),
        ("白水县2019年退出几个村", "三十二个"),
        ("临川县2018年减贫多少人", "三千一百人"),
        ("临川县2020年退出几个村", "六个"),
        ("固原2019年摘帽了几个县", "3个"),
        ("白水县森林防火通知的文号", "白政办发〔2022〕17号"),
        ("江州农业大学副校长是谁", "周启明"),
        ("谁带队到白水县调研", "林怀远"),
        ("第一小学获赠电脑多少台", "四十台"),
        ("全校师生一共捐了多少钱", "八万五千元"),
        ("一年级2班班主任是谁", "方志远"),
        ("白水县第一小学有多少学生", "486人"),
        ("青岩公司董事长叫什么", "魏长青"),
        ("防火值班电话是多少", "0733-5550188"),
    ],
)
def test_what_stands_there_is_answered(archive: Archive, question: str, told: str) -> None:
    answer = archive.ask(question)
    assert not answer.abstained
    assert told in answer.answer
