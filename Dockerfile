# The server as a container: it runs as a user without privileges and writes to /data and /tmp only.
FROM python:3.13-slim AS build
WORKDIR /source
RUN python -m venv /opt/centrals
COPY requirements.lock .
RUN /opt/centrals/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
COPY src src
RUN /opt/centrals/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
# pg_dump and pg_restore, for `centrals backup` and `centrals restore` with PostgreSQL up to this version
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin centrals \
    && install -d -m 0700 -o centrals -g centrals /data
COPY --from=build /opt/centrals /opt/centrals
ENV PATH=/opt/centrals/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/centrals.sqlite3 \
    MAIL_FOLDER=/data/mail \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["centrals"]
CMD ["serve"]
