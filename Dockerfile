# claimwire in a container: docker-compose.yml runs it with a Kafka. The command is `claimwire`, what it does by itself `worker`.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
RUN apt-get update --quiet=2 && apt-get install --quiet=2 --yes --no-install-recommends binutils >/dev/null
COPY config/install.lock /build/config/
RUN pip install --no-cache-dir --quiet --require-hashes -r /build/config/install.lock
ENV VIRTUAL_ENV=/opt/claimwire UV_LINK_MODE=copy UV_CACHE_DIR=/var/cache/uv
RUN uv venv --quiet ${VIRTUAL_ENV}
WORKDIR /build

# The lock covers every extra. As constraints it pins, by version and hash, what a worker needs and installs nothing else.
COPY pyproject.toml requirements.lock ./
RUN --mount=type=cache,target=/var/cache/uv \
    uv pip install --no-build --require-hashes --constraint requirements.lock --requirement pyproject.toml
# What nothing here ever opens is half of it: debug symbols, the libraries' tests and sources in C, the languages that spaCy does
# not import by itself and lexers of other languages than Python.
RUN cd ${VIRTUAL_ENV}/lib/python3*/site-packages \
    && find . -name '*.so' -exec strip --strip-unneeded {} + \
    && find . -type d \( -name tests -o -name sboms \) -prune -exec rm -r {} + \
    && find spacy/lang -mindepth 1 -maxdepth 1 -type d -not -regex '.*/\(en\|ja\|ko\|th\|vi\|xx\|zh\)' -exec rm -r {} + \
    && find pygments/lexers -name '*.py' -not -regex '.*/\(__init__\|_mapping\|python\)\.py' -delete \
    && rm -r kafka/benchmarks kafka/cli numpy/f2py numpy/ma numpy/polynomial numpy/_core/_*_tests.* numpy/_core/_simd.* zstandard/_cffi.* zstandard/backend_cffi.py \
    && uv pip uninstall --quiet psutil setuptools tzdata \
    && find . -type f \( -path '*.dist-info/RECORD' -o -regex '.*\.\(a\|c\|cpp\|h\|pxd\|pyi\|pyx\)' \) -delete

COPY README.md LICENSE ./
COPY config config
COPY seeds seeds
COPY pipeline pipeline
RUN python -m hatchling build -t wheel -d /tmp/dist && uv pip install --no-deps /tmp/dist/*.whl
# What has been made smaller still works, with the model that is inside; and Python writes the bytecode of all that is imported,
# which is a third of what there is.
RUN cd / && echo "The mayor said on Monday that unemployment fell to 4 percent." | ${VIRTUAL_ENV}/bin/claimwire enrich - >/dev/null \
    && ${VIRTUAL_ENV}/bin/python -c "import pipeline.cli.app, pipeline.streaming.worker.run" \
    && ${VIRTUAL_ENV}/bin/python -m compileall -q ${VIRTUAL_ENV}/lib/python3*/site-packages/pipeline

FROM ${PYTHON_IMAGE}
LABEL org.opencontainers.image.title="claimwire" \
      org.opencontainers.image.description="News articles on Kafka become sentences, entities and claims with who made them" \
      org.opencontainers.image.licenses="MIT"
RUN useradd --system --no-log-init --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin claimwire
COPY --from=build /opt/claimwire /opt/claimwire
ENV PATH=/opt/claimwire/bin:${PATH} PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER 10001:10001

# Not whether the process is there (Docker sees that by itself, and a process that hangs ends itself), but whether Kafka counts
# this worker in: it has loaded its model, joined the group and sent a heartbeat within the last ten seconds.
HEALTHCHECK --interval=30s --timeout=20s --start-period=120s --start-interval=3s --retries=3 CMD ["claimwire", "health"]
ENTRYPOINT ["claimwire"]
CMD ["worker"]
