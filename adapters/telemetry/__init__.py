"""What those who run Kith can see of it: health, figures and spans, without a name and without anybody's words."""

from adapters.telemetry.figures import Metrics
from adapters.telemetry.pages import Part, health_routes, metrics_route
from adapters.telemetry.requests import WatchedRequests
from adapters.telemetry.spans import Spans

__all__ = ["Metrics", "Part", "Spans", "WatchedRequests", "health_routes", "metrics_route"]
