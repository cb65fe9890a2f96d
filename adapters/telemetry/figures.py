"""The figures that Prometheus takes: bounded labels from closed lists, no ids, no names, no texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bot.domain.condition import Figures

FAST = (0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5)
SLOW = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
"""Bounds in seconds: for what happens in a process, and for what waits for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfRequests:
    """Where requests of one kind are counted and timed."""

    count: Counter
    seconds: Histogram


@dataclass(frozen=True, slots=True, kw_only=True)
class OfEvents:
    """Where events of one kind are counted and timed."""

    taken: Counter
    failed: Counter
    seconds: Histogram


class Metrics:
    """Counts what one process does; `page` gives it all, with the store's figures as they were last told."""

    def __init__(self, *, version: str, lag: Callable[[], float]) -> None:
        self.registry = registry = CollectorRegistry(auto_describe=False)
        self.requests = Counter(
            "kith_http_requests", "Requests at the public door.", ("method", "route", "status"), registry=registry
        )
        self.request_seconds = Histogram(
            "kith_http_request_seconds", "How long they took.", ("route",), registry=registry, buckets=SLOW
        )
        self.events = Counter(
            "kith_events",
            "What platforms told Kith, and whether it was taken.",
            ("platform", "kind", "outcome"),
            registry=registry,
        )
        self.event_seconds = Histogram(
            "kith_event_seconds", "How long taking it took.", ("kind",), registry=registry, buckets=SLOW
        )
        self.posts = Counter(
            "kith_posts", "What Kith said, and how that ended.", ("platform", "outcome"), registry=registry
        )
        self.post_seconds = Histogram(
            "kith_post_seconds", "How long platforms took over it.", ("platform",), registry=registry, buckets=SLOW
        )
        self.reader_seconds = Histogram(
            "kith_reader_seconds", "How long reading one text took.", registry=registry, buckets=FAST
        )
        self.tick_seconds = Histogram(
            "kith_tick_seconds",
            "How long one tick took: looking at what is due and saying what waits.",
            registry=registry,
            buckets=SLOW,
        )
        _process(registry, version, lag)
        self.store = StoreFigures()
        registry.register(self.store)
        self._of_requests: dict[tuple[str, str, int], OfRequests] = {}
        self._of_events: dict[tuple[str, str], OfEvents] = {}

    def of_requests(self, method: str, route: str, status: int) -> OfRequests:
        """Where such a request is counted. It is kept at hand: to look labels up costs more than to count."""
        found = self._of_requests.get((method, route, status))
        if found is None:
            count = self.requests.labels(method, route, str(status))
            found = OfRequests(count=count, seconds=self.request_seconds.labels(route))
            self._of_requests[method, route, status] = found
        return found

    def of_events(self, platform: str, kind: str) -> OfEvents:
        """Where such an event is counted, kept at hand as above."""
        found = self._of_events.get((platform, kind))
        if found is None:
            taken, failed = (self.events.labels(platform, kind, outcome) for outcome in ("taken", "failed"))
            found = OfEvents(taken=taken, failed=failed, seconds=self.event_seconds.labels(kind))
            self._of_events[platform, kind] = found
        return found

    def timed(self, histogram: Histogram) -> Timed:
        """Note in `histogram` how long the block took, however it ends."""
        return Timed(histogram)

    def page(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)


class Timed:
    """A block that is timed once; a class, because a generator would cost three times as much for every message."""

    __slots__ = ("_begun", "_histogram")

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram

    def __enter__(self) -> None:
        self._begun = perf_counter()

    def __exit__(self, *_: object) -> None:
        self._histogram.observe(perf_counter() - self._begun)


def _process(registry: CollectorRegistry, version: str, lag: Callable[[], float]) -> None:
    """What is asked of the process whenever somebody looks."""
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    Gauge(
        "kith_tick_lag_seconds", "How long the next tick is overdue; 0 while the clock goes.", registry=registry
    ).set_function(lag)
    Gauge("kith_info", "Which version this is.", ("version",), registry=registry).labels(version).set(1)


class StoreFigures(Collector):
    """How the database stands, the same from every process on it: take the greatest, not the sum."""

    def __init__(self) -> None:
        self._told: tuple[Figures, datetime] | None = None
        self._answers = False

    def tell(self, figures: Figures | None, now: datetime) -> None:
        """These are the figures now; None: the database did not answer."""
        self._answers = figures is not None
        self._told = (figures, now) if figures else None

    def collect(self) -> Iterable[Metric]:
        yield _gauge("kith_database_answers", "1 if the database answered last time it was asked.", self._answers)
        if self._told is None:
            return
        figures, now = self._told
        oldest = (now - figures.oldest_due_at).total_seconds() if figures.oldest_due_at else 0.0
        yield _gauge("kith_outbox_waiting", "Messages decided, due and not yet said.", figures.waiting)
        yield _gauge("kith_outbox_oldest_seconds", "How long the oldest of them has been due.", max(oldest, 0.0))
        yield _gauge("kith_dead_letters", "Messages given up: `kith outbox dead` lists them.", figures.dead)
        yield _gauge("kith_windows", "Windows that are kept.", figures.windows)
        yield _gauge("kith_channels", "Channels Kith is in.", figures.channels)


def _gauge(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=float(value))
