# The embedded model and what serves it, without torch. A public model takes requirements.txt in place of serve.txt.
FROM python:3.11-slim
WORKDIR /mujaz
COPY requirements/serve.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/serve.txt \
    && useradd --system --create-home mujaz \
    && mkdir data .cache \
    && chown mujaz data .cache
USER mujaz
COPY models ./models
RUN python -m models.engines.conversion embedded --cache .cache
COPY prompts ./prompts
COPY service ./service
COPY LICENSE README.md ./
ENV HOST=0.0.0.0 PORT=8000 MUJAZ_DATA=/mujaz/data MUJAZ_CACHE=/mujaz/.cache
VOLUME /mujaz/data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz')"]
# One process with threads: see service/server.py for why one. A stop may take as long as what is being translated.
CMD ["python", "-m", "service"]
