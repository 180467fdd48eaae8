"""What a page's lines say of themselves: furniture in the three zones, and what must stay."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.files.boilerplate import find_boilerplate
from indexer.files.lines import split_lines
from indexer.records import LeftOutReason

BODY = "医疗队在村卫生室为一百二十名老人测了血压和血糖。"
MORE = "村民们说,希望这样的活动每年都能有几次,不用再走山路到县城去。"


def out(*lines: str) -> list[tuple[str, str]]:
    text = "\n".join(lines)
    return [(o.reason.value, text[o.start : o.end]) for o in find_boilerplate(split_lines(text))]


def out_lines(*lines: str) -> list[str]:
    return [line for _, words in out(*lines) for line in words.split("\n")]


@pytest.mark.parametrize(
    "crumb",
    [
        "您现在的位置:首页 >> 新闻 >> 正文",
        "當前位置:首頁 > 最新消息",
        "首页 - 新闻动态 - 院务公告",
        "Home > News > Details",
        "新闻频道 > 社会 > 正文",
        "首页→政务动态→正文",
    ],
)
def test_what_is_above_a_breadcrumb_is_navigation(crumb: str) -> None:
    assert out("某县信息网", "县情概览", crumb, "村里来了医疗队", BODY, MORE) == [
        ("navigation", f"某县信息网\n县情概览\n{crumb}")
    ]


def test_a_title_above_a_breadcrumb_stays_if_none_is_below() -> None:
    assert out("村里来了医疗队", "首页 > 新闻 > 正文", "2020-08-06 来源:某院", BODY) == [
        ("navigation", "首页 > 新闻 > 正文")
    ]


@pytest.mark.parametrize(
    "buttons",
    [
        "【大 中 小】【打印】【关闭】",
        "字型大小: 小 中 大",
        "分享到:微信 微博 QQ空间",
        "列印此頁 回頁首",
        "打印 关闭",
        "Print  Email  Top",
        "浏览次数:1208",
        "瀏覽數:",
        "上一篇:全县秋收开镰",
        "下一則:期末問卷",
        "—END—",
        "微信扫一扫关注该公众号",
    ],
)
def test_buttons_below_a_text(buttons: str) -> None:
    assert out("村里来了医疗队", BODY, MORE, buttons) == [("navigation", buttons)]


@pytest.mark.parametrize(
    "footer",
    [
        "版權所有 © 某大學教務處",
        "Copyright 2009 All Rights Reserved.",
        "某ICP备05009999号-1",
        "隱私權政策 | 資訊安全政策",
        "您是第 1208866 位访客",
        "建议使用IE6.0以上浏览器",
    ],
)
def test_footers(footer: str) -> None:
    assert out("村里来了医疗队", BODY, MORE, footer) == [("footer", footer)]


def test_who_heads_a_station_signs_no_footer() -> None:
    signed = "全区平均密度96.8%。站长：公孙茂；统计员：巫小青。"
    assert out("春季防疫统计", BODY, MORE, signed) == []
    assert out("某站", BODY, MORE, "站长：admin@example.cn") == [
        ("footer", "站长：admin@example.cn")
    ]


def test_a_footer_takes_its_address_along_and_leaves_a_notice_its_contact() -> None:
    address = "地址:某市药王街9号 邮编:241000 电话:0553-2900000"
    contact = ("联系人:王老师", "联系电话:0553-2900316", "地点:门诊三楼")
    assert out_lines("停诊通知", BODY, *contact, "打印 关闭", address, "版权所有 某院") == [
        "打印 关闭",
        address,
        "版权所有 某院",
    ]
    assert out("停诊通知", BODY, *contact) == []
    assert out("停诊通知", BODY, "地址:行政楼206室") == []


@pytest.mark.parametrize(
    ("line", "is_out"),
    [
        ("责任编辑:鲍丽", True),
        ("(编辑:鲍丽 审核:卢文)", True),
        ("初审:王晓　复审:吉祥　终审:陈列", True),
        ("编辑 | 吴越", True),
        ("責任編輯：林小姐", True),
        ("来源:宣传科", False),
        ("文:张三", False),
        ("文/图:某学院 编辑:史今 审核:沈括", False),
        ("(柏河镇 向东 供稿)", False),
        ("审核结果:合格", False),
    ],
)
def test_editors_go_and_sources_stay(line: str, is_out: bool) -> None:
    assert (out("村里来了医疗队", BODY, MORE, line) == [("credits", line)]) is is_out


@pytest.mark.parametrize(
    ("line", "is_out"),
    [
        ("会议现场", True),
        ("图为数控车床比赛现场", True),
        ("(资料图片)", True),
        ("(圖/公關組提供)", True),
        ("图2 存储时间随磁场的变化,红线为理论值,蓝点为实验值", False),
        ("▲1983年的鼓楼桥头,左侧是国营第三粮店", False),
        ("全队45人合影留念。", False),
    ],
)
def test_captions_without_content(line: str, is_out: bool) -> None:
    assert (out("村里来了医疗队", BODY, line, MORE) == [("caption", line)]) is is_out


def test_a_ranking_in_the_middle_ends_at_the_next_sentence() -> None:
    lines = ("相关阅读", "高新区新增企业212家", "暴雨橙色预警!")
    assert out("招聘会开幕", BODY, *lines, MORE) == [("ranking", "\n".join(lines))]


def test_facts_below_a_heading_like_a_rankings_stay() -> None:
    assert (
        out("中考政策", BODY, "相关链接:", "2024年中考时间为6月15日至17日,全区设考点12个。") == []
    )
    assert out("问卷", BODY, "相關連結", "計畫網址:https://phd.example.tw/113") == []
    assert (
        out("2月借阅排行榜", BODY, "1. 《河流之书》 借阅312次", "2. 《小城》 借阅287次", MORE) == []
    )


@pytest.mark.parametrize(
    "line",
    [
        "“版权声明”写在页脚就够了吗?",
        "今天是护士节。",
        "网站首页改版后,“无障碍阅读”和“打印本页”的使用次数都有增加。",
        "欢迎广大居民前来参观。",
        "他说,本平台的免责声明不能免除责任。",
        "城区 | 多云 | 25℃",
        "特此通知。",
        "各位领导、同志们:",
    ],
)
def test_sentences_and_rows_stay_wherever_they_stand(line: str) -> None:
    assert out("标题在此", line, BODY, MORE) == []
    assert out("标题在此", BODY, line, MORE) == []
    assert out("标题在此", BODY, MORE, line) == []


def test_a_speech_about_disclaimers_keeps_its_sentences() -> None:
    spoken = "免责声明怎样写才有用?律师建议写明投诉渠道,转载的稿件要取得授权。"
    assert out("标题在此", BODY, spoken, MORE) == []
    disclaimer = "免责声明:本网转载的稿件不代表本站立场,如有侵权请联系删除。"
    assert out("标题在此", BODY, MORE, disclaimer) == [("disclaimer", disclaimer)]


def test_without_prose_only_a_frame_goes() -> None:
    rows = [f"{name} | {number}" for number, name in enumerate("赵钱孙李周")]
    lines = ["某局", "首页>公示", "获奖名单", *rows, "打印 关闭", "版权所有:某局", "某ICP备1号"]
    assert out_lines(*lines) == ["某局", "首页>公示", "打印 关闭", "版权所有:某局", "某ICP备1号"]
    assert out("联系方式", "电话:123", "编辑:李四", "版权所有") == []


@given(
    st.lists(
        st.sampled_from(
            [
                BODY,
                MORE,
                "首页",
                "版权所有",
                "相关阅读",
                "会议现场",
                "短行",
                "",
                "1. 甲",
                "a | b | c",
                "打印 关闭",
                "声明:",
                "文:甲",
            ]
        ),
        max_size=30,
    )
)
def test_stretches_are_whole_lines_in_order_and_never_a_sentence(lines: list[str]) -> None:
    text = "\n".join(lines)
    split = split_lines(text)
    last = 0
    for each in find_boilerplate(split):
        assert last <= each.start < each.end <= len(text)
        last = each.end
        assert {line.start for line in split} >= {each.start}
        assert {line.end for line in split} >= {each.end}
        assert isinstance(each.reason, LeftOutReason)
        assert BODY not in text[each.start : each.end]
        assert MORE not in text[each.start : each.end]


def test_a_hundred_thousand_short_lines_take_seconds() -> None:
    letters = random.Random(7)
    lines = ["".join(letters.choices("首页新闻版权下一篇图为|:>1", k=20)) for _ in range(20_000)]
    assert find_boilerplate(split_lines("\n".join([BODY, *lines, BODY]))) is not None


def test_titles_with_a_colon_below_the_editors() -> None:
    below = ["推荐阅读", "山区县：粮食丰收在望", "城里出台新规", "关注公众号：山区日报"]
    found = out_lines("丰收记", BODY, MORE, "（责编：罗一）", *below, "山区日报社 版权所有")
    assert found == ["（责编：罗一）", *below, "山区日报社 版权所有"]


def test_an_invitation_inside_the_text() -> None:
    assert out("丰收记", BODY, "点击上方蓝字关注我们", MORE) == [
        ("navigation", "点击上方蓝字关注我们")
    ]


def test_questions_below_the_buttons_are_links_and_those_of_the_text_stay() -> None:
    links = ["常见问题", "如何办理读者证？", "图书逾期怎么办？"]
    found = out_lines("开放时间", BODY, "上一页 下一页", *links, "市图书馆 版权所有")
    assert found == ["上一页 下一页", *links, "市图书馆 版权所有"]
    assert out("问答", BODY, "常见问题", "如何办理读者证？", "图书逾期怎么办？") == []


def test_a_row_of_sections_at_the_top_is_a_menu_and_the_head_of_a_table_is_none() -> None:
    menu = "预约挂号 | 报告查询 | 就诊指南 | 科室导航"
    assert out_lines(menu, "住院须知", BODY, MORE) == [menu]
    assert out("姓名 | 性别 | 职务 | 电话", "张三 | 男 | 村长 | 无", BODY, MORE) == []


def test_address_and_telephone_at_the_very_end_go_with_what_is_above_them() -> None:
    details = "学校地址：大学路1号 邮政编码：625014"
    assert out_lines("竞赛获奖", BODY, MORE, "终审：王刚", details) == ["终审：王刚", details]
    assert out("竞赛获奖", BODY, MORE, details) == []


def test_a_disclaimer_that_goes_on_behind_its_bracket() -> None:
    said = "【免责声明】本文来源于其他媒体，版权归原作者所有，如有侵权请联系删除，本网不担责。"
    assert out("竞赛获奖", BODY, MORE, said) == [("disclaimer", said)]
