"""Spans for OpenTelemetry, sent by OTLP over HTTP where a deployment wants them; no name and no text in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from bot.errors import ConfigError

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

Fact = str | int | float | bool
"""What a span may carry: ids from closed lists and numbers; callers pass nothing else."""


class Spans:
    """Marks how long something took and within what. Without an endpoint it does nothing at all."""

    def __init__(self, endpoint: str | None = None, *, version: str = "") -> None:
        self._provider = _provider(endpoint, version) if endpoint else None
        self._tracer = self._provider.get_tracer("kith") if self._provider else None

    def span(self, name: str, **facts: Fact) -> AbstractContextManager[dict[str, Fact]]:
        """A span while the block runs; what is put into the mapping goes along. An error is told by its type alone."""
        return nullcontext({}) if self._tracer is None else self._marked(self._tracer, name, facts)

    @contextmanager
    def _marked(self, tracer: Tracer, name: str, facts: dict[str, Fact]) -> Iterator[dict[str, Fact]]:
        from opentelemetry.trace import Status, StatusCode

        found: dict[str, Fact] = {}
        with tracer.start_as_current_span(
            name, attributes=facts, record_exception=False, set_status_on_exception=False
        ) as span:
            try:
                yield found
            except BaseException as exc:
                span.set_attribute("error.type", type(exc).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise
            finally:
                span.set_attributes(found)

    def close(self) -> None:
        """Send what is left, waiting a few seconds at most, and end; blocks, so call it beside the loop."""
        if self._provider is not None:
            self._provider.force_flush(3000)
            self._provider.shutdown()


def _provider(endpoint: str, version: str) -> TracerProvider:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as exc:
        problem = (
            "KITH_OTEL_ENDPOINT: needs packages that are not here; install Kith with them: pip install 'kith[otel]'"
        )
        raise ConfigError(problems=problem) from exc
    provider = TracerProvider(
        resource=Resource({"service.name": "kith", "service.version": version}), shutdown_on_exit=False
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, timeout=3)))
    return provider
