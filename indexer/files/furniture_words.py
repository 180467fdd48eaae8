"""The words that pages use for what is not their text, as patterns over folded text.

Folded: simplified characters, half width, lower case, no spaces. Each list is of alternatives,
separated by white space. Knows no lines and no pages.
"""

import re


def _any_of(alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    """One of the alternatives, with a pattern before and behind it."""
    return re.compile(f"{before}(?:{'|'.join(alternatives.split())}){after}")


HOME = _any_of(
    r"""
    (?:网站|学校|学院|医院|本站|返回|回|去|大学)*(?:首页|主页|网首页) home(?:page)?
    """
)
BUTTON = _any_of(
    r"""
    打印(?:本页|此文|文章|页面)? 列印(?:此页|本页)? 友善列印 关闭(?:窗口|本页|页面)?
    (?:我要|加入)?收藏(?:本页|本站|此页)? 分享(?:到|至|本页|按钮)? 转发(?:到)? 点赞 按?赞 在看
    (?:发表|我要|查看|网友)?评论 留言 举报 纠错 我要纠错 告诉好友 推荐给好友 转寄好友
    返回(?:列表|顶部|上一?页)? 回到?(?:上一?页|页首|顶[端部]|列表)
    置顶 至顶 大 中 小 特大 默认 [大中小]字号? 上一页 下一页 尾页 末页
    字[体号型级](?:大小)? 大中小 小中大 小大 大小 微信(?:好友)? 朋友圈 (?:新浪|腾讯)?微博
    qq(?:空间|好友)? 豆瓣 人人网 百度贴吧 贴吧 钉钉 facebook twitter linkedin wechat weibo line
    plurk print e-?mail top share close back login register rss 登[录入](?:系统)? 注册 注销 退出
    手机版 客户端 移动端 电脑版 无障碍(?:阅读|浏览|版)? 长者(?:模式|助手|版) 适老(?:化|版|模式)
    关怀版 老年(?:模式|版) 搜索 搜一搜 检索 高级搜索 站内搜索 繁体(?:版|中文)? 简体(?:版|中文)? 繁
    简 en(?:glish)?(?:version)? 中文(?:版|网)? 设为首页 (?:网站|网页)?(?:地图|导[航览览]|指南)
    联[系络]我们 阅读原文 全文(?:下载|打印) 下载pdf 复制[链连][接结] 二维码 语音播报 播报
    跳[到过至]主要?内容区? 跳过导航 跳转到内容 skiptocontent 上一[页篇条则] 下一[页篇条则]
    prev(?:ious)? next 没有了 无 不喜欢 喜欢 听新闻 听全文 保存 转载 投稿 订阅 扫一扫 客服
    在线咨询 在线客服 请输入关键[字词] end the full text
    """
)
MENU = _any_of(
    r"""
    概况 概览 简介 介绍 动态 公开 服务 指南 之窗 信箱 邮箱 机构 设置 部门 招生 就业 招聘 科研
    科学研究 教学 教务 党建 党务 文化 专题 专栏 互动 交流 资讯 信息 新闻 要闻 通知 公告 公报 政策
    法规 法律 视频 图库 图片 时评 评论 财经 经济 体育 文旅 旅游 健康 教育 民生 生活 娱乐 军事 科技
    国际 国内 社会 本地 频道 刊物 下载 招标 采购 园地 预报 预警 专家 科室 医生 导航 队伍 管理 建设
    合作 校友 图书馆 门户 服务台 办事 投资 招商 县情 市情 区情 走进.{2,4} 关于.{2,4} 留言 咨询 投诉
    建议 网 人才 培养 师资 学生 工作 专业 学科 数据 标准 工会 about research people publications
    news jobs contact events services products faculty students admissions library
    """,
    before=".{0,6}",
)
LEAF = _any_of(
    r"""
    正文 文章正文 正文页 详情 详细(?:内容|信息|页面)? 内容 浏览文章 查看 details? article
    """
)
NAVIGATION = _any_of(
    r"""
    ^(?:友情|快速|快捷|常用|友善)[链连][接结] 设为首页 加入收藏 返回首页 网站地图
    无障碍(?:浏览|阅读) ::: ^skiptocontent ^跳[到过至]主?要?内容
    """
)
GREETING = _any_of(
    r"""
    今天是 现在是北京时间 欢迎(?:您)?(?:访问|光临|来到|登录|浏览) 您是(?:本站)?第 您好,欢迎
    """
)
COUNTER = _any_of(
    r"浏览 点击 阅读 访问 查看 访客 观看",
    before="(?:文章|本页|本文|总|今日|被)?",
    after=r"(?:次数|人数|人次|总数|量|数|率|总量)?:?\d*(?:次|人次|人)?",
)
FOLLOW = _any_of(
    r"""
    扫一扫 扫码 二维码 (?:点击|长按|识别).{0,6}(?:蓝字|上方|关注|识别|图片)
    关注(?:我们|该公众号|本站|官方) 公众号$ ^关注(?:微信)?公众号 客户端$ 官方微[信博]$
    喜欢此内容的人还喜欢
    预览时标签不可点 轻[点触] 继续滑动看下一个 [向上]*滑动看下一个 阅读原文$ 阅读全文$ 在看.{0,8}$
    点个.{0,3}[赞在] ^[—\-–_~·\s]*(?:the)?end[—\-–_~·\s]*$
    """
)
INVITATION = _any_of(
    r"""
    (?:请)?点击(?:上方|下方|上面|下面|文末)?.{0,6}蓝字.{0,12}
    (?:欢迎)?关注(?:我们的?)?(?:微信)?公众号.{0,14}
    (?:长按|扫描|扫一扫|识别).{0,8}二维码.{0,12} 喜欢.{0,4}[点在]个.{0,3}[赞看].{0,4}
    """
)
NEIGHBOUR = _any_of(
    r"""
    [^\w]*(?:上|下|前|后)[一1]?[篇条则页個个](?:文章|新闻|信息)?\s*[:\]】>]
    (?:previous|next)(?:post|article)?:
    """
)
_OTHERS = "相关 延伸 推荐 往期 更多 热点 最新 热门 精彩 关联".replace(" ", "|")
RANKING = _any_of(
    rf"""
    (?:阅读|点击|浏览|热门|文章|新闻|本周|本月|今日|一周|24小时|周|月|日)*(?:排行榜?|热点|热文|热榜)
    (?:{_OTHERS})(?:阅读|新闻|报道|回顾|推荐|文章|资讯|热点|动态|信息|专题|稿件)
    猜你喜欢 为您推荐 大家都在看 图片新闻 最新发布 没有相关文章 relatedposts relatedarticles
    """
)
WEAK_RANKING = _any_of(
    r"推荐 [链连][接结] 专家 科室 解读 专题 内容 文件 信息 入口 导航 医生 视频 图片 下载 links",
    before="(?:内容|编辑|精彩|相关|推荐|友情|快速|快捷|常用|热门|related)",
)
FOOTER = _any_of(
    r"""
    版权所有 著作权所有 [转翻]载必究 版权归.{2,20}所有$
    [a-z京沪粤川蜀浙苏鲁豫皖湘鄂闽赣辽吉黑冀晋蒙陕甘宁青新藏云黔贵桂琼津渝某]icp icp[备证]
    公网安备 新网备\d copyright © allrightsreserved 网站标识码 ^mailto:
    (?:信息服务|传播视听节目|广播电视节目制作)许可证 网站支持ipv6 支持ipv6
    建议(?:使用|您使用|采用)?.{0,12}(?:ie\d|浏览器|分辨率) 最佳(?:浏览|分辨率) 您是第\d 访客$
    页面执行时间 站长: ^隐私权?政策 ^重要告示 privacypolicy termsofuse
    ^(?:网站地图|关于我们|网站简介|广告服务).{0,30}(?:联系|招聘|版权|法律|地图|帮助)
    (?:不良信息|违法和不良).{0,8}举报 修订日期: ^主办(?:单位)?:.*承办 主办.{2,20}承办$
    """
)
FOOTER_DETAIL = _any_of(
    r"""
    地址 邮编 邮政编码 传真 总机 电话 热线 e-?mail 电子邮[箱件] 邮箱 主办(?:单位)? 承办 维护
    技术支持 制作 tel fax add(?:ress)? 公交(?:线路)? 急[救诊](?:电话)?
    """
)
CONTACT = _any_of(
    r"""
    联系人 联系方式 咨询 报名 监督 预约 查询 受理 经办 承办人 投稿 来稿 举报 分机
    """
)
DISCLAIMING = _any_of(
    r"""
    本网 本站 本公众号 本平台 凡(?:注明|本) 版权 转载 侵权 稿件 授权 文责 立场 不代表 并不意味
    真实性 联系.{0,6}删除 摘编
    """
)
EDITORS = _any_of(
    r"""
    (?:责任|值班|本期|文字|图片|网页|执行|美术|视觉)?编辑 责编 美编 编审 编校 校对 审核 审签 审稿
    [初复终一二三]审 终校 初校 监制 总监制 总?主编 排版 制图 制作 设计 摄影 摄像 图片 图 视频 音频
    统筹 策划 出品 签发 海报
    """
)
AUTHORS = _any_of(
    r"""
    来源 (?:文章|稿件|信息|稿源)来源 文 作者 撰稿 撰文 供稿 通讯员 记者 文字 图文 文图 图/文 文/图
    采写 整理
    """
)
_SCENES = (
    "会议 活动 典礼 仪式 签约 签字 比赛 培训 讲座 开幕 座谈会? 演出 颁奖 报告会 研讨会 调研 慰问"
    " 检查 捐赠 竞赛"
).replace(" ", "|")
_PICTURE = "(?:资料|配|网络|示意|效果|题|档案)?(?:图片?|照片|截图)"
CAPTION = _any_of(
    rf"""
    [(\[【]?{_PICTURE}(?:[:/]?(?:来源|由|为)?[^,。]{{0,14}}(?:提供|供图|摄|绘制?))?[)\]】]?
    [▲△↑◎]?[上下左右本]?图片?为[^\d,;。]{{2,10}}
    [^\d,:;。]{{0,6}}(?:{_SCENES})(?:现场|合影|留影)
    [^\d,;]{{4,34}}摄影?
    图片?来源:.{{1,16}} [^\d,:;。]{{2,6}}现场 photo:.{{0,40}}
    """
)

_SIGNS = """
    版权 版權 声明 聲明 说明 說明 © copyright reserved icp 备案 備案 公网安备 许可证 許可證 网备
    标识码 mailto ipv6 分辨率 浏览 瀏覽 访客 訪客 主办 站长 政策 举报 舉報 修订日期 修訂日期 告示
    terms 地址 电话 電話 首页 首頁 主页 主頁 位置 正文 公众号 公眾號 扫 掃 二维码 必究 欢迎 歡迎
    > » › → | ｜
"""
SIGNS = tuple(_SIGNS.split())
"""As they stand in a text, in both scripts: a sentence without any of them is not folded and looked
at. To search for each plainly takes a twentieth of the time that one pattern takes.
"""
