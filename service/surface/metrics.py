"""What the service does, in numbers for Prometheus at /metrics, and a line of the log for each request.

Neither holds a text, a key or an address: of a request its route is told, never what stood in its place.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, g, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from models.types import Translation
from service.core import Core
from service.load import REASONS
from service.store.jobs import Jobs
from service.surface.openapi import release

HEADER = "X-Request-ID"
BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)
METHODS = ("GET", "HEAD", "POST", "DELETE", "OPTIONS")
_SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")
log = logging.getLogger("mujaz")


class Metrics(Collector):
    """The numbers of one app; a `models.pipeline.Watcher` of its pipeline."""

    def __init__(self, core: Core) -> None:
        self._core, self._jobs = core, Jobs(core.store)
        self.registry = registry = CollectorRegistry()
        labels = ("endpoint", "method", "status")
        self._requests = Counter("mujaz_requests", "Requests answered.", labels, registry=registry)
        self._seconds = Histogram(
            "mujaz_request_seconds", "Until the last byte was made.", labels[:2], buckets=BUCKETS, registry=registry
        )
        self._sentences = Counter("mujaz_sentences", "Sentences translated or remembered.", registry=registry)
        self._words = Counter("mujaz_words", "Words of these, in Arabic.", registry=registry)
        self._flags = Counter("mujaz_flags", "Flags raised on these.", ("flag",), registry=registry)
        self._hits = Counter("mujaz_memory_hits", "Sentences that the memory knew.", registry=registry)
        registry.register(self)
        ProcessCollector(registry=registry)

    def collect(self) -> Iterator[Metric]:
        """What is so now: asked at every scrape."""
        ready = self._core.state() == "ready"
        waiting = self._core.pipeline.translator.waiting() if self._core.model_info else 0
        yield GaugeMetricFamily("mujaz_queue_length", "Parts of sentences that wait for a model.", waiting)
        yield GaugeMetricFamily("mujaz_requests_running", "Requests that translate.", self._core.load.running)
        refused = CounterMetricFamily("mujaz_refused", "Requests refused or ended unfinished.", labels=("reason",))
        for reason in REASONS:
            refused.add_metric((reason,), self._core.load.refused[reason])
        yield refused
        jobs = GaugeMetricFamily("mujaz_jobs", "Jobs that are kept, by state.", labels=["state"])
        for state, count in self._jobs.counts().items():
            jobs.add_metric([state], count)
        yield jobs
        yield GaugeMetricFamily("mujaz_ready", "1 when the model is loaded and nothing is being stopped.", int(ready))
        yield InfoMetricFamily("mujaz_build", "This program.", {"version": release()})
        if info := self._core.model_info:
            told = {"name": info.name, "version": info.version, "backend": info.backend}
            told |= {"compute_type": info.compute_type, "second": info.second or ""}
            yield InfoMetricFamily("mujaz_model", "The model that translates.", told)

    def translated(self, translation: Translation) -> None:
        """See `models.pipeline.Watcher`."""
        self._sentences.inc()
        self._words.inc(len(translation.sentence.text.split()))
        for flag in translation.flags:
            self._flags.labels(flag).inc()

    def recalled(self, count: int) -> None:
        """See `models.pipeline.Watcher`."""
        self._hits.inc(count)

    def answered(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(endpoint, method, status).inc()
        self._seconds.labels(endpoint, method).observe(seconds)


def register(app: Flask) -> None:
    """Count and log the requests of `app`, and give each its id."""
    core: Core = app.extensions["mujaz"]
    metrics = Metrics(core)
    core.watch(metrics)

    def scrape() -> Response:
        return Response(generate_latest(metrics.registry), content_type=CONTENT_TYPE_LATEST)

    def finish(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        told = route(), request.method if request.method in METHODS else "other", response.status_code

        def ended(began: float = g.began, name: str = g.request_id) -> None:
            seconds = time.perf_counter() - began
            metrics.answered(*told, seconds)
            log.info("%s %s %s %.0f ms id=%s", told[1], told[0], told[2], 1000 * seconds, name)

        response.call_on_close(ended) if response.is_streamed else ended()
        return response

    page = Blueprint("metrics", __name__)
    page.get("/metrics")(scrape)
    app.register_blueprint(page)
    app.before_request(begin)
    app.after_request(finish)


def begin() -> None:
    """Give a request an id: the client's own, if it can stand in a log."""
    given = request.headers.get(HEADER, "")
    g.request_id = given if _SANE.fullmatch(given) else uuid.uuid4().hex
    g.began = time.perf_counter()


def route() -> str:
    """The pattern of a request's path, as it stands in the code."""
    return request.url_rule.rule if request.url_rule else "none"
