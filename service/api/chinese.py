"""What went wrong, in Chinese: the errors that a caller can meet are written in English.

One table from their sentences to Chinese ones, with what they name kept.
"""

import re

_HAN = re.compile("[㐀-鿿]")
_SENTENCES = tuple(
    (re.compile(english, re.DOTALL), chinese)
    for english, chinese in (
        (r"there is nothing at (.*)", r"没有这个地址：\1"),
        (r"(\S+) does not work at (.*)", r"地址 \2 不支持 \1 方法"),
        (r"the body is larger than (\d+) bytes", r"请求正文超过 \1 字节"),
        (r"this service does not go by the name (.*)", r"本服务没有 \1 这个主机名"),
        (r"a page of (.*) may not do this", r"\1 的页面不能这样做"),
        (r"there is no collection (.*)", r"没有名为 \1 的文档集"),
        (r"there is no job (.*)", r"没有编号为 \1 的任务"),
        (r"there is no document (.*)", r"没有文档 \1"),
        (r"there is no file in it", "请求中没有文件"),
        (r"the body is no multipart/form-data", "请求正文不是 multipart/form-data 表单"),
        (r"the multipart body can't be read: (.*)", r"上传的表单无法读取：\1"),
        (r"more than (\d+) files at once", r"一次最多上传 \1 个文件"),
        (r"(\d+) files in it were left out", r"其中 \1 个文件未收录"),
        (r"the job broke off", "任务异常中止"),
        (r"there is no such collection any more", "设置中已没有这个文档集"),
        (
            r"all files of a request together may have (\d+) bytes",
            r"一次上传的文件合计不得超过 \1 字节",
        ),
        (r"several collections have this document: (.*)", r"多个文档集都有这份文档：\1"),
        (r"another service keeps the same state folder", "另一个服务正在使用同一状态目录"),
        (r"no document (.*) in the index", r"索引中没有文档 \1"),
        (r"passage (.*) is no longer in the index", r"段落 \1 已不在索引中"),
        (r"the question is empty", "问题是空的"),
        (r"the question has (\d+) characters", r"问题有 \1 个字符，过长"),
        (r"date_from is after date_to", "date_from 晚于 date_to"),
        (r"limit must be at least 1, not (.*)", r"limit 至少为 1，而不是 \1"),
        (r"the cursor is not one of ours", "cursor 不是本服务给出的"),
        (
            r"the (.*) filter has (\d+) characters, more than (\d+)",
            r"筛选条件 \1 有 \2 个字符，最多 \3 个",
        ),
        (r"(.*) is not a date: (.*)", r"\1 不是日期：\2"),
        (r"this service answers only who has a key", "本服务须凭密钥使用"),
        (r"the key is not known here, has expired or was revoked", "密钥无效、已过期或已撤销"),
        (r"too many wrong keys came from this address", "来自这个地址的错误密钥过多"),
        (
            r"this needs the role (\w+), and the key has the role (\w+)",
            r"需要 \1 权限，而密钥的权限是 \2",
        ),
        (
            r"a request that changes something must come from this service's own page",
            "会改动内容的请求只能来自本服务自己的页面",
        ),
        (r"this service has no keys, and needs none", "本服务没有密钥，也不需要密钥"),
        (r"the service can't read its keys", "服务读不到密钥"),
        (r"the service can't answer now", "服务暂时不能回答"),
        (r"the key sees no collection", "密钥看不到任何文档集"),
        (r"(.*) is no point in time", r"\1 不是时间"),
        (r"the index is being loaded", "正在加载索引"),
        (r"more than (\d+) requests in (\d+) s", r"\2 秒内的请求超过了 \1 次"),
        (r"(\d+) questions are waiting already", r"已有 \1 个问题在等待"),
        (r"no answer could be begun within (\S+) s", r"\1 秒内未能开始回答"),
        (r"too many connections are open", "连接过多"),
        (r"it is no (PDF|Office file|picture|JSON)\b.*", r"不是完整的 \1"),
        (r"(.*) is no (?:whole )?zip\b.*", r"\1 不是完整的 zip"),
        (r"(.*) in it (?:is damaged|ends too early|begins nowhere)\b.*", r"其中 \1 已损坏"),
        (r"(\d+) of its (\d+) lines are no JSON", r"全部 \2 行中有 \1 行不是 JSON"),
        (r"LibreOffice can't open it: .*", "LibreOffice 打不开它：已损坏或有密码"),
        (r"(\d+) uploads are being received already", r"已有 \1 个上传正在接收"),
        (r"the service is shutting down", "服务正在关闭"),
        (r"the answer took more than (\S+) s", r"回答超过了 \1 秒"),
        (r"the stage (\S+) took more than (\S+) s", r"步骤 \1 超过了 \2 秒"),
        (r"the body did not arrive within (\S+) s", r"请求正文未在 \1 秒内到达"),
        (
            r"the service failed at this request; the log has it as (.*)",
            r"处理这个请求时出错，日志中的编号是 \1",
        ),
        (r"another build, update or remove is at work on .*", "另一个程序正在写入这个索引"),
        (
            r"(.*) can't be written: it is on a read-only file system",
            r"\1 不能写入：它在只读的文件系统上",
        ),
        (
            r"(.*) can't be written: it belongs to (\S+), and the service runs as (\S+)",
            r"\1 不能写入：它属于用户 \2，而服务以用户 \3 运行",
        ),
        (r"(.*) can't be written: its mode is (\d+)", r"\1 不能写入：它的权限是 \2"),
        (r"(.*) can't be written: (.*)", r"\1 不能写入：\2"),
        (
            r"mount it for writing, or name another folder: (.*)",
            r"请以可写方式挂载，或用 \1 指定别的目录",
        ),
        (r"give it to the service's user: (.*)", r"请把它交给运行服务的用户：\1"),
        (r"let its owner write: (.*)", r"请允许属主写入：\1"),
        (
            r"see that the service's user may enter the folders above it",
            "请确认运行服务的用户可以进入它的各级上层目录",
        ),
    )
)


def in_chinese(message: str, title: str) -> str:
    """An error's sentence in Chinese. One that the table does not know stands behind `title`."""
    found = translated(message)
    if found is not None:
        return found
    return message if _HAN.search(message) else f"{title}：{message}"


def hint_in_chinese(hint: str, otherwise: str) -> str:
    """A way out in Chinese: its own where that is known or written so, else that of its kind."""
    return translated(hint) or (otherwise if hint.isascii() else hint)


def translated(sentence: str) -> str | None:
    """What the table has for an error's sentence or hint; None if it does not know it."""
    for english, chinese in _SENTENCES:
        match = english.fullmatch(sentence)
        if match is not None:
            return match.expand(chinese)
    return None
