"""Word lists of the rules that propose questions. Knows no rule."""

# What a clause without a subject of its own begins with: verbs, prepositions, adverbs, numerals.
_VERBAL = """
捐 召开 组织 选派 派 建 投 发 培 资助 修 举办 开展 落实 完成 实现 新增 新建 新办 帮 带 惠及 覆盖
争取 为 向 给 把 将 并 已 共 累 先后 从 在 对 以 通过 经 按 自 由 与 和 同 及 等 用 使 让 获 取
引 购 采购 销 卖 推 设 改 安装 配 赠 拨 补 提 扩 种 养 办 签 达 超 完 计划 拟 打算 准备 力争
确保 争 预计 保证 减 增 上升 下降 提升 提高 降 退出 脱贫 摘帽 涉及 包括 其余 分 占 约 近 逾 主要
重点 全面 积极 深入 着力 加 强 支持 支援 协助 参与 参加 参训 编 出版 开 收 接 送 听 看 走 进 到
来 去 赴 前往 住 现 成立 形成 打造 依托 围绕 聚焦 结合 根据 只 就 都 才 不 没 未 可 能 会 要 应
需 必 是 有 值 供 免 另 一 两 三 四 五 六 七 八 九 十 每 平均 人均 户均 合计 总 价 长 面积 做 制
研究 加起来 前后 余下 现场 专题 短期 针对 线上 除 被 归属 披露
"""
VERBAL = tuple(_VERBAL.split())

# With the above, what follows at once on the name of somebody who does something.
_ACTING = """
高度 坚持 介绍 要求 宣布 发布 表示 几年来 各 承诺 决定 认真 充分 定期 每年 于 还 也 被 已经 共计
正式 联合
"""
ACTING = (*VERBAL, *_ACTING.split())

# Units of what is counted or paid.
_COUNTED = """
元 人民币 块钱 美元 人 名 位 户 人次 家 所 台 套 场 次 期 辆 架 座 栋 幢 间 盏 头 匹 棵 株 份 批
本 册 亩 平方公里 平方米 公里 千米 米 公顷 吨 公斤 千克 斤 千瓦 床 张 页 票 个 项 门 支 % 村 县
乡 校 天 个月 小时
"""
COUNTED = frozenset(_COUNTED.split())

# Of these a few are no figure: 三个方面, 五项措施.
_STRUCTURAL = "个 项 门 支 次 套 批 家 位 天 个月 小时 期 场 本 间"
STRUCTURAL = frozenset(_STRUCTURAL.split())
