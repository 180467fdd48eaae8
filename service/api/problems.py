"""Errors to responses: one table from error class to status and titles. Knows no route.

Every error leaves as an RFC 9457 problem with `type`, `title`, `status`, `detail`, `code` and
`hint`, and of a request its `request_id`. Titles exist in Chinese and English, chosen by
Accept-Language. Details and hints are written in English; for a Chinese reader `chinese.py` has
the details, and the table the hints.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from fastapi.responses import JSONResponse

from indexer import errors
from indexer.commands import as_typed
from indexer.errors import WenjuError
from service.access.keys import KeyStoreUnusable
from service.api.chinese import hint_in_chinese, in_chinese
from service.deadline import AnswerTimedOut
from service.logs import REQUEST_ID


class RouteNotFound(WenjuError):
    code = "not_found"


class Unauthorized(WenjuError):
    """No key came with the request, or one that is not known here."""

    code = "unauthorized"
    headers: ClassVar[Mapping[str, str]] = {"WWW-Authenticate": 'Bearer realm="wenju"'}


class TooManyAttempts(WenjuError):
    """Wrong keys, one after the other, from one address."""

    code = "too_many_attempts"

    def __init__(self, message: str, *, hint: str, retry_after_s: int) -> None:
        super().__init__(message, hint=hint)
        self.headers = {"Retry-After": str(retry_after_s)}


class Forbidden(WenjuError):
    """The key is known, and may not do this."""

    code = "forbidden"


class ModelNotFound(WenjuError):
    """A name that is none of `GET /v1/models`."""

    code = "model_not_found"


class MissingExtra(WenjuError):
    """What was asked for is part of an extra that is not installed."""

    code = "missing_extra"


class HostNotAllowed(WenjuError):
    """The request was sent to a name that is none of this service's."""

    code = "host_not_allowed"


class CrossOrigin(WenjuError):
    """A page of another site sent a request that would change something."""

    code = "cross_origin"


class MethodNotAllowed(WenjuError):
    code = "method_not_allowed"


class MalformedBody(WenjuError):
    code = "malformed_body"


class BodyTooLarge(WenjuError):
    code = "body_too_large"


class UploadTooLarge(WenjuError):
    """All files of a request together; one that is too large by itself is refused by name."""

    code = "upload_too_large"


class NotReady(WenjuError):
    """The index is still being loaded."""

    code = "not_ready"


class TryLater(WenjuError):
    """Refused for now; the caller may come again after `retry_after_s` seconds."""

    def __init__(self, message: str, *, hint: str, retry_after_s: int) -> None:
        super().__init__(message, hint=hint)
        self.retry_after_s = retry_after_s
        self.headers = {"Retry-After": str(retry_after_s)}


class TooManyRequests(TryLater):
    """This caller has asked too often."""

    code = "too_many_requests"


class Busy(TryLater):
    """Too many callers at once."""

    code = "busy"


class ShuttingDown(TryLater):
    code = "shutting_down"


class RequestTooSlow(WenjuError):
    """The head or the body of a request did not arrive in time."""

    code = "request_too_slow"


class HeadTooLarge(WenjuError):
    code = "head_too_large"


class ClientGone(WenjuError):
    """The caller hung up. Only the log and the metrics see it; 499 is what nginx calls it."""

    code = "client_gone"


class InternalError(WenjuError):
    """Something broke that the caller can't mend; `message` names the id in the log."""

    code = "internal_error"


class RefusedByServer(WenjuError):
    """Any other refusal of the web framework, with its own status."""

    code = "refused"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a class of errors is shown."""

    status: int
    title: str
    title_zh: str
    hint_zh: str


BUILD_ZH = "请上传文档，或建立索引：python -m indexer build 文件夹 --index 索引目录"
MEND_ZH = (
    "请修复：python -m indexer rebuild --index 索引目录；不成则用 restore 恢复备份，或重新 build"
)

KINDS: Mapping[type[WenjuError], Kind] = {
    errors.InvalidRequest: Kind(422, "Invalid request", "请求无效", "请按说明修改后重试"),
    MalformedBody: Kind(
        400,
        "Malformed request body",
        "请求正文格式错误",
        "请发送 UTF-8 编码的 JSON 对象，并设置 Content-Type: application/json",
    ),
    BodyTooLarge: Kind(413, "Request body too large", "请求正文过大", "请缩短问题或对话历史"),
    UploadTooLarge: Kind(413, "Upload too large", "上传的文件过大", "请分几次上传"),
    RouteNotFound: Kind(404, "No such address", "没有这个地址", "可用的地址见 /docs"),
    HostNotAllowed: Kind(
        421,
        "Host not allowed",
        "不认识这个主机名",
        "请使用本服务自己的地址，或在启动时加上 --allowed-host 主机名",
    ),
    CrossOrigin: Kind(
        403,
        "Page of another site",
        "来自其他网站的页面",
        "请使用本服务自己的页面，或在启动时加上 --allowed-origin 来源",
    ),
    MethodNotAllowed: Kind(405, "Method not allowed", "不支持该方法", "可用的方法见 /docs"),
    errors.DocumentNotFound: Kind(
        404, "Document not found", "没有这份文档", "文档可能已被删除；全部文档见 GET /v1/documents"
    ),
    errors.CollectionNotFound: Kind(
        404, "Collection not found", "没有这个文档集", "可用的文档集见 GET /v1/collections"
    ),
    errors.JobNotFound: Kind(404, "Job not found", "没有这项任务", "任务列表见 GET /v1/jobs"),
    errors.ReportNotFound: Kind(
        404, "Report not found", "没有这份报告", "报告列表见 GET /v1/reports"
    ),
    errors.PageNotFound: Kind(
        404, "Page not found", "没有这一页的图像", "只有 PDF 文档的各页有图像，从 1 数起"
    ),
    errors.StateLocked: Kind(
        503, "State folder in use", "状态目录正被占用", "另一个服务正在使用同一状态目录，请稍后重试"
    ),
    Unauthorized: Kind(
        401, "Key needed", "需要密钥", "请在 Authorization 头中附上有效的密钥：Bearer 密钥"
    ),
    TooManyAttempts: Kind(
        429, "Too many wrong keys", "错误密钥过多", "请稍候片刻，再用正确的密钥重试"
    ),
    KeyStoreUnusable: Kind(
        503, "Keys can't be read", "密钥文件不可用", "请让管理员检查状态目录中的密钥文件"
    ),
    Forbidden: Kind(403, "Not allowed", "权限不足", "请换用有相应权限的密钥"),
    ModelNotFound: Kind(404, "Model not found", "没有这个模型", "可用的模型见 GET /v1/models"),
    MissingExtra: Kind(
        501, "Not installed", "未安装该功能", "请让管理员安装：pip install 'wenju[mcp]'"
    ),
    NotReady: Kind(503, "Not ready", "尚未就绪", "索引正在加载，请稍后重试"),
    TooManyRequests: Kind(
        429, "Too many requests", "请求过于频繁", "请按 Retry-After 头给出的秒数等待后重试"
    ),
    Busy: Kind(503, "Busy", "服务繁忙", "请按 Retry-After 头给出的秒数等待后重试"),
    ShuttingDown: Kind(503, "Shutting down", "服务正在关闭", "请稍后重试"),
    AnswerTimedOut: Kind(
        504,
        "Answer timed out",
        "回答超时",
        "请稍后重试，或把问题写得短一些；若仍超时，请联系管理员",
    ),
    RequestTooSlow: Kind(408, "Request too slow", "请求发送过慢", "请检查网络后重新发送完整的请求"),
    HeadTooLarge: Kind(431, "Request head too large", "请求头过大", "请减少请求头或缩短地址"),
    ClientGone: Kind(499, "Caller gone", "调用方已断开", "请重新提问"),
    errors.IndexMissing: Kind(503, "No index", "没有索引", BUILD_ZH),
    errors.IndexDamaged: Kind(503, "Index damaged", "索引已损坏", MEND_ZH),
    errors.IndexForbidden: Kind(
        503, "Index may not be read", "无权读取索引", "请让管理员检查索引目录的读取权限"
    ),
    errors.IndexMismatch: Kind(503, "Index does not fit", "索引与程序版本不符", MEND_ZH),
    errors.IndexLocked: Kind(409, "Index is being written", "索引正在写入", "请稍后重试"),
    errors.WorkerLost: Kind(500, "Build process lost", "建立索引的进程中断", "请重新建立索引"),
    errors.StorageFull: Kind(507, "Storage full", "存储空间不足", "请清理磁盘，并确认目录可写"),
    errors.EmbedderUnavailable: Kind(
        503, "Embedding model unavailable", "向量模型不可用", "请联系管理员检查向量模型的设置"
    ),
    errors.EmbedderFailed: Kind(
        502, "Embedding model failed", "向量模型出错", "请稍后重试；若仍失败，请联系管理员"
    ),
    errors.ModelUnavailable: Kind(
        503, "Built-in model unavailable", "内置模型不可用", "请联系管理员恢复程序自带的模型文件"
    ),
    errors.RerankerUnavailable: Kind(
        503, "Cross-encoder unavailable", "重排模型不可用", "请联系管理员检查 --rerank 的设置"
    ),
    errors.RerankerFailed: Kind(
        502, "Cross-encoder failed", "重排模型出错", "请稍后重试；若仍失败，请联系管理员"
    ),
    errors.LLMUnavailable: Kind(
        503, "Language model unavailable", "语言模型不可用", "请联系管理员检查 --llm 的设置"
    ),
    errors.LLMFailed: Kind(
        502, "Language model failed", "语言模型出错", "请稍后重试；若仍失败，请联系管理员"
    ),
    errors.UnreadableFile: Kind(422, "Unreadable file", "文件无法读取", "请检查文件格式和编码"),
    errors.NothingToIndex: Kind(422, "Nothing to index", "没有可索引的文件", "请换一个文件夹"),
    errors.InvalidGold: Kind(422, "Invalid gold file", "标准问题文件有误", "请按提示修改该行"),
    RefusedByServer: Kind(400, "Request refused", "请求被拒绝", "用法见 /docs"),
    WenjuError: Kind(
        500, "Internal error", "服务内部错误", "请稍后重试；若仍失败，请把错误编号告诉管理员"
    ),
}


def kind_of(error: WenjuError) -> Kind:
    """The row of the nearest class that has one; `WenjuError` itself has one."""
    return kind_of_class(type(error))


def kind_of_class(error: type[WenjuError]) -> Kind:
    return next(KINDS[base] for base in error.__mro__ if base in KINDS)


def prefers_chinese(accept_language: str) -> bool:
    """Whether Accept-Language puts Chinese before English. No header means English."""
    weights = {"zh": 0.0, "en": 0.0}
    for position, part in enumerate(accept_language.split(",")[:32]):
        tag, _, parameters = part.strip().partition(";")
        language = tag.partition("-")[0].lower()
        if language not in weights:
            continue
        quality = parameters.strip().removeprefix("q=") if parameters else "1"
        try:
            weight = float(quality) - position * 1e-6  # equal ones rank in the order given
        except ValueError:
            continue
        weights[language] = max(weights[language], weight)
    return weights["zh"] > weights["en"]


def problem(
    error: WenjuError, *, chinese: bool, status: int | None = None, **more: Any
) -> dict[str, Any]:
    """The problem object of an error. `more` are further members, such as `errors`."""
    kind = kind_of(error)
    request_id = REQUEST_ID.get()
    return {
        "type": f"/docs#problem-{error.code}",
        "title": kind.title_zh if chinese else kind.title,
        "status": status or kind.status,
        "detail": printable(in_chinese(error.message, kind.title_zh) if chinese else error.message),
        "code": error.code,
        "hint": as_typed(
            printable(hint_in_chinese(error.hint, kind.hint_zh) if chinese else error.hint)
        ),
        **({"request_id": request_id} if request_id is not None else {}),
        **more,
    }


def problem_response(
    error: WenjuError,
    *,
    chinese: bool,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **more: Any,
) -> JSONResponse:
    content = problem(error, chinese=chinese, status=status, **more)
    extra = {**getattr(error, "headers", {}), **(headers or {})}
    if content["status"] == 503:
        extra.setdefault("Retry-After", "2")
    return JSONResponse(
        content,
        status_code=content["status"],
        headers=extra,
        media_type="application/problem+json",
    )


def printable(text: str) -> str:
    """Text that can leave as UTF-8: halves of surrogate pairs become U+FFFD."""
    return text.encode("utf-8", "replace").decode("utf-8") if has_surrogates(text) else text


def has_surrogates(text: str) -> bool:
    """Whether a text holds half a surrogate pair, which JSON may spell and UTF-8 can't."""
    return any("\ud800" <= character <= "\udfff" for character in text)
