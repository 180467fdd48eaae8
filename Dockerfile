# Wenju in a small image: the service, the indexer and the built-in models. Downloads no model.
#
#   docker build -t wenju .
#   docker run --rm -v wenju-index:/index -v "$PWD/corpus:/documents:ro" \
#       --entrypoint python wenju -m indexer build /documents --index /index
#   docker run --rm -v wenju-index:/index -p 127.0.0.1:8080:8080 -e WENJU_WITHOUT_KEYS=1 wenju
#
# compose.yaml does the same.

FROM python:3.12-slim-bookworm AS builder
WORKDIR /build
# The dependencies alone: this layer stays as it is until one of these files changes.
COPY pyproject.toml constraints.txt README.md LICENSE ./
# Without pip in it the environment is smaller, and nothing can be installed into it later.
RUN python -m venv --without-pip /opt/venv
RUN python -m pip --python /opt/venv/bin/python --disable-pip-version-check install --no-cache-dir -c constraints.txt '.[mcp]'
COPY indexer /app/indexer
COPY service /app/service
COPY wenju /app/wenju
# The image is run with a read-only file system, so what can be compiled is compiled now.
RUN /opt/venv/bin/python -m compileall -q /app/indexer /app/service /app/wenju

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="wenju" \
      org.opencontainers.image.description="Ask an archive, get an answer with its proof" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /app /app
# The volumes belong to the user before they are declared; later changes would be thrown away.
RUN useradd --uid 10001 --create-home wenju && mkdir /index /documents /state && chown wenju /index /documents /state
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WENJU_INDEX=/index \
    WENJU_STATE=/state \
    WENJU_HOST=0.0.0.0 \
    WENJU_PORT=8080
WORKDIR /documents
USER 10001
VOLUME ["/index", "/documents", "/state"]
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['WENJU_PORT'] + '/readyz', timeout=4).close()"]
ENTRYPOINT ["python", "-m", "service"]
