"""What a job and its files say to a person, in Chinese or English. Knows no route and no ledger.

States, kinds and reasons are words of the contract and the same in both languages; sentences are
not. `detail` comes in English from whoever refused a file; in Chinese one table has it by `reason`.
"""

import re
from collections.abc import Mapping
from typing import Any

from indexer.commands import as_typed
from service.api.chinese import in_chinese
from service.api.problems import KINDS
from service.uploads.records import FileState, Job, JobFile, JobKind, JobProblem, JobState

# `…：` at the end of a sentence: what was found in this very file follows, as its reader said it.
REASONS_ZH: Mapping[str, str] = {
    "backup": "是编辑器的备份或锁定文件，不收录",
    "bad_metadata": "元数据文件有误：",
    "broken_link": "是失效的链接",
    "changing": "读取时文件正在被写入，请写完后再上传",
    "damaged": "文件已损坏，或扩展名与内容不符，请重新获取或另存后再上传：",
    "empty": "是空文件",
    "encrypted": "文件有密码，请另存为无密码的文件后再上传",
    "hidden": "是隐藏文件，不收录",
    "ignored": "已由 .wenjuignore 排除",
    "index": "是索引自己的文件",
    "indexer_failed": "读取这份文件时索引程序异常退出，未收录",
    "link_in_archive": "是压缩包里的链接，不收录",
    "link_outside": "链接指向文件夹之外，不收录",
    "mojibake": "文字已成乱码，请以 UTF-8 重新导出：",
    "name_not_utf8": "文件名与另一文件重名，请改名后再上传",
    "name_taken": "文件夹中已有同名的文档或文件夹，请在那里替换，或改名后再上传",
    "named_twice": "同一次上传中已有同名文件，只收第一个；请改名后再上传",
    "needs_libreoffice": "是旧版 Office 格式，请另存为新格式，或让管理员安装 LibreOffice",
    "needs_ocr": "是扫描件或图片，请让管理员安装文字识别（OCR）组件",
    "nested_archive": "压缩包里还有压缩包，请先解压",
    "no_text": "没有可读的正文",
    "not_a_file": "不是普通文件",
    "not_readable": "服务无权读取：",
    "not_stored": "本服务没有这份文件的内容，请直接上传",
    "not_text": "不是文本文件，请改为实际格式的扩展名",
    "ocr_failed": "文字识别失败，请缩小图片后再上传",
    "parts_of_a_page": "是网页的附带文件，不单独收录",
    "removed": "已被删除，更新时不再收录；需要时请重新上传",
    "speaks_of_others": "是说明其他文件的元数据，请与它们放进同一个 zip 上传，只对其中的文件有效",
    "stop": "读取时程序中止，请重新上传：",
    "superseded": "已有更新的版本，不重复收录",
    "symlinked_folder": "是指向文件夹的链接，不收录",
    "timeout": "读取超时，请另存为新格式后再上传",
    "too_deep": "文件夹层数过多",
    "too_large": "文件过大，请拆分或缩小后再上传",
    "unknown_encoding": "无法识别文字编码，请另存为 UTF-8",
    "unsafe_name": "文件名不安全，请改名后再上传",
    "unsupported_compression": "压缩方式不受支持，请重新压缩为普通 zip",
    "unsupported_format": "不支持这种格式",
}
_ADVICE = re.compile(r" \([^()]*\)$")
_STATES: Mapping[FileState, tuple[str, str]] = {
    FileState.WAITING: ("等待处理", "waiting for its turn"),
    FileState.INDEXED: ("已编入索引", "indexed"),
    FileState.UNCHANGED: ("与已有的文件相同，没有变化", "the same as what is there"),
    FileState.REFUSED: ("未收录", "refused"),
    FileState.REMOVED: ("已删除", "removed"),
}
_KINDS: Mapping[JobKind, tuple[str, str]] = {
    JobKind.UPLOAD: ("上传", "the upload"),
    JobKind.REINDEX: ("重新读取", "the look at all folders"),
    JobKind.DELETE: ("删除", "the deletion"),
    JobKind.COMPACT: ("彻底清除", "the erasure"),
}
_ANY = "internal_error"  # the last row of KINDS: that of errors which have none
_STILL_READ_ZH = ("旧的索引仍有程序在读，其中的内容尚未清除", "请结束读取它的其他程序，再执行一次")


def job_summary(job: Job, *, chinese: bool) -> str:
    """How far a job is, in one sentence."""
    zh, en = _KINDS[job.kind]
    match job.state:
        case JobState.QUEUED:
            return f"{zh}：等待处理" if chinese else f"{en} waits for its turn"
        case JobState.RUNNING:
            told = f"{zh}：正在处理，已完成 {job.done}/{job.total}"
            return told if chinese else f"{en} is in work, {job.done} of {job.total} done"
        case JobState.DONE:
            return f"{zh}：已完成" if chinese else f"{en} is done"
        case JobState.FAILED:
            return f"{zh}：失败" if chinese else f"{en} has failed"


def file_summary(file: JobFile, *, chinese: bool) -> str:
    """What became of a file, in one sentence."""
    state = _STATES[file.state][0 if chinese else 1]
    detail = file_detail(file, chinese=chinese)
    return f"{state}{'：' if chinese else ': '}{detail}" if detail else state


def file_detail(file: JobFile, *, chinese: bool) -> str | None:
    """Why a file was refused, or what is to be said of one that was taken."""
    if not chinese or file.detail is None:
        return file.detail
    sentence = REASONS_ZH.get(file.reason or "")
    if sentence is None:
        return in_chinese(file.detail, "说明")
    if not sentence.endswith("："):
        return sentence
    found = _ADVICE.sub("", file.detail)  # the sentence has its own
    return sentence + in_chinese(found, "").removeprefix("：")


def problem_json(problem: JobProblem, *, chinese: bool) -> dict[str, Any]:
    """Why a job failed or what it waits for, as a problem of the same code is told elsewhere."""
    detail, hint = problem.detail, problem.hint
    if chinese and problem.code == "still_read":
        detail, hint = _STILL_READ_ZH
    elif chinese:
        kind = next(kind for error, kind in KINDS.items() if error.code in (problem.code, _ANY))
        detail, hint = in_chinese(detail, kind.title_zh), kind.hint_zh
    return {"code": problem.code, "detail": detail, "hint": as_typed(hint)}
