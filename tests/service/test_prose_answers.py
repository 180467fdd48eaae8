"""Operations over figures that are told in prose, asked through the front door."""

import pytest

from service.archive import Archive
from tests.archives import archive_of

FILES = {
    "青石医院2024年工作总结.txt": "青石医院2024年工作总结\n一、医疗服务\n"
    "2024年门诊量为12.4万人次，比上年增长8.5%。出院病人6,320人次，比上年减少180人次。"
    "平均住院日由8.6天缩短至7.9天。病房使用率由上年的78%提高到85%。\n"
    "内科全年接诊31,200人次。外科全年接诊24,500人次。儿科全年接诊18,700人次。"
    "骨科全年接诊9,850人次。\n二、人员\n"
    "全院共有职工486人，其中医生165人、护士203人、行政后勤人员118人。\n",
    "调整住宿费的通知.txt": "关于调整学生公寓住宿费的通知\n各学院：\n"
    "自2024年9月1日起，四人间住宿费由每学年800元调整为1200元，"
    "六人间住宿费由每学年600元调整为750元。\n"
    "开水卡押金由20元降为10元。洗衣机每次收费原为3元，现调整为4元。\n",
    "柳河卫生院2024年1月简报.txt": "柳河卫生院2024年1月工作简报\n"
    "本月接诊1,203人次，其中老年人450人次。开展家庭医生签约45户。\n",
    "柳河卫生院2024年2月简报.txt": "柳河卫生院2024年2月工作简报\n"
    "本月接诊987人次，其中老年人380人次。开展家庭医生签约38户。\n",
    "柳河卫生院2024年3月简报.txt": "柳河卫生院2024年3月工作简报\n"
    "本月接诊1,412人次，其中老年人610人次。开展家庭医生签约61户。\n",
    "图书馆年报.txt": "云溪图书馆年度报告\n2022年，全馆接待读者18.6万人次。"
    "2023年，全馆接待读者21.3万人次。2024年，全馆接待读者20.1万人次。\n"
    "2024年新增藏书5,600册，比2023年多1,100册。\n"
    "东城分馆借出图书8,200册；西城分馆借出图书6,950册；南湖分馆借出图书7,430册。\n",
    "望江县交通局2024年总结.txt": "望江县交通局2024年工作总结\n"
    "松岭隧道由1840米延长至1900米，全长1900米。2024年新增就业岗位3,200个，比上年多200个。"
    "全年收入500万元，其中财政拨款300万元、其他收入80万元、租金120万元。"
    "去年客运量为61.2万人次。今年客运量为64.8万人次，比去年增长5.9%。\n",
    "白石镇饮水工程.txt": "白石镇饮水工程进展\n白石镇共有101个自然村，截至2023年底，"
    "99个村已经通上自来水。全年签订施工合同560份，其中已验收430份。接到报修88件，其中12件未处理。\n",
    "review.txt": "Riverside Community Library: Annual Review\n"
    "In 2023 the Riverside branch lent 3,200 books. In 2023 the Hillside branch lent 4,150 books. "
    "In 2023 the Lakeside branch lent 2,760 books.\n"
    "The annual membership fee rose from 20 pounds to 25 pounds in April.\n"
    "The service employs 48 people, up from 36 in 2021.\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    return archive_of(FILES, tmp_path_factory.mktemp("prose"))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("青石医院2023年门诊量是多少？", "约11.43万人次"),  # 12.4万 / 1.085 = 11.4286万
        ("2024年青石医院门诊量比上年增加了多少人次", "约0.97万人次"),
        ("青石医院门诊量比去年增长了百分之几", "8.5%"),
        ("2023年青石医院出院病人多少", "6,500人次"),
        ("青石医院出院病人比上年下降百分之几", "约2.77%"),  # 180 / 6500
        ("平均住院日缩短了多少天", "0.7天"),
        ("平均住院日原来是几天", "8.6天"),
        ("病房使用率提高了几个百分点", "7个百分点"),
        ("四人间住宿费涨了多少钱", "400元"),
        ("六人间住宿费原来多少钱", "600元"),
        ("四人間住宿費漲了百分之幾", "50%"),
        ("开水卡押金降了多少", "10元"),
        ("洗衣机收费涨幅是多少", "约33.33%"),
        ("云溪图书馆2023年新增藏书多少册", "4,500册"),
        ("By how much did the annual membership fee rise?", "5 pounds"),
        ("What was the annual membership fee before?", "20 pounds"),
        ("How many more people does the service employ than in 2021?", "12 people"),
    ],
)
def test_what_a_change_gives(archive: Archive, question: str, value: str) -> None:
    assert archive.ask(question).short_answer == value


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("青石医院医生占职工总数的百分之几", "约33.95%"),  # 165 / 486
        ("白石镇还有几个村没通自来水", "2个"),
        ("白石镇饮水工程没验收的施工合同有多少份", "130份"),
        ("青石医院除了医生其余职工有多少人", "321人"),
        ("青石医院职工里哪类人员最多", "护士"),
    ],
)
def test_what_a_whole_and_its_parts_give(archive: Archive, question: str, value: str) -> None:
    assert archive.ask(question).short_answer == value


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("青石医院接诊最多的科室是哪个", "内科"),
        ("青石医院哪个科接诊最少", "骨科"),
        ("青石医院内科比外科多接诊多少人次", "6,700人次"),
        ("内科、外科、儿科、骨科一共接诊多少人次", "84,250人次"),
        ("云溪图书馆哪年接待读者最多", "2023年"),
        ("云溪图书馆2023年比2022年多接待读者多少", "2.7万人次"),
        ("云溪图书馆哪个分馆借出图书最多", "东城分馆"),
        ("云溪图书馆三个分馆一共借出多少册", "22,580册"),
        ("Which branch lent the most books?", "hillside"),
    ],
)
def test_sentences_of_one_form_are_rows(archive: Archive, question: str, value: str) -> None:
    assert archive.ask(question).short_answer == value


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("柳河卫生院2024年一季度一共接诊多少人次", "3,602人次"),
        ("柳河卫生院2024年一季度哪个月接诊最多", "2024年3月"),
        ("柳河卫生院3月比1月多接诊多少人次", "209人次"),
        ("柳河卫生院2024年第一季度家庭医生签约多少户", "144户"),
    ],
)
def test_bulletins_are_rows_of_one_table(archive: Archive, question: str, value: str) -> None:
    answer = archive.ask(question)
    assert answer.short_answer == value
    assert {c.source for c in answer.citations} >= {
        "柳河卫生院2024年1月简报.txt",
        "柳河卫生院2024年3月简报.txt",
    }


def test_months_without_a_bulletin_are_named_and_nothing_stands_alone(archive: Archive) -> None:
    answer = archive.ask("柳河卫生院2024年上半年共接诊多少人次")
    assert answer.short_answer is None
    assert "缺2024年4月、2024年5月、2024年6月" in answer.answer


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("松岭隧道全长多少米", "1900米"),
        ("望江县2024年新增就业岗位多少个", "3,200个"),
        ("望江县交通局其他收入多少", "80万元"),
        ("望江县去年客运量是多少", "61.2万人次"),
    ],
)
def test_what_a_sentence_tells_is_not_computed(archive: Archive, question: str, right: str) -> None:
    answer = archive.ask(question)
    assert right in answer.answer
    assert answer.short_answer is None or right in answer.short_answer


def test_a_sum_of_all_bulletins_that_nobody_asked_for_stands_not_alone(archive: Archive) -> None:
    answer = archive.ask("柳河卫生院接诊多少人次")
    assert answer.short_answer is None
    assert len(answer.citations) == 3


@pytest.mark.parametrize(
    "question",
    [
        "住宿费涨了多少",  # of which room?
        "青石医院手术量比上年增加了多少",
        "四人间住宿费降了多少",  # it rose
        "2021年青石医院出院病人多少",
        "青石医院2022年门诊量是多少？",
        "柳河卫生院2023年一季度一共接诊多少人次",
        "海棠卫生院2024年一季度一共接诊多少人次",
    ],
)
def test_nothing_stands_alone_that_no_sentence_gives(archive: Archive, question: str) -> None:
    assert archive.ask(question).short_answer is None


def test_what_is_not_done_is_told_and_not_computed(archive: Archive) -> None:
    answer = archive.ask("白石镇饮水工程没处理的报修有多少件")
    assert "12件未处理" in answer.answer
    assert answer.short_answer in (None, "12件")
