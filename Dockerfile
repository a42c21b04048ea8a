# Two stages: the first converts the embedded model (that takes torch), the second serves it without torch.
FROM python:3.11-slim AS build
WORKDIR /mujaz
COPY requirements.txt requirements-serve.txt requirements-batch.txt ./
RUN pip install --no-cache-dir -r requirements.txt
COPY models ./models
RUN python -m models.ctranslate embedded

FROM python:3.11-slim
WORKDIR /mujaz
COPY requirements-serve.txt ./
RUN pip install --no-cache-dir -r requirements-serve.txt \
    && useradd --system --create-home mujaz \
    && mkdir data \
    && chown mujaz data
COPY models ./models
COPY prompts ./prompts
COPY service ./service
COPY LICENSE README.md ./
COPY --from=build /mujaz/.cache ./.cache
USER mujaz
ENV HOST=0.0.0.0 PORT=8000 MUJAZ_DATA=/mujaz/data
VOLUME /mujaz/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz')"]
# gunicorn, one process with threads: see service/__main__.py for why one.
CMD ["python", "-m", "service"]
