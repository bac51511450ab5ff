"""Traces for OpenTelemetry, if the settings name a collector: `pip install centrals[otel]`."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager
from importlib.metadata import version
from typing import Any

from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from telemetry.trace import TraceContext, Tracing

_PROPAGATED = (b"traceparent", b"tracestate")


class OpenTelemetrySpan:
    """The span of one request; the statements in it are its children."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span
        self._token = context.attach(trace.set_span_in_context(span))
        at = span.get_span_context()
        self.context = TraceContext(
            format(at.trace_id, "032x"), format(at.span_id, "016x"), format(at.trace_flags, "02x")
        )

    def end(self, name: str, status: int, attributes: Mapping[str, Any]) -> None:
        """End the span, with what is known about the request."""
        context.detach(self._token)
        self._span.update_name(name)
        self._span.set_attributes(dict(attributes))
        if status >= 500:
            self._span.set_status(trace.StatusCode.ERROR)
        self._span.end()


class OpenTelemetryTracer:
    """Exports spans to a collector in batches, without delaying requests."""

    def __init__(self, endpoint: str) -> None:
        own = Resource.create({"service.name": "centrals", "service.version": version("centrals")})
        self._provider = TracerProvider(resource=own.merge(OTELResourceDetector().detect()))
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("centrals")
        self._propagator = TraceContextTextMapPropagator()

    def begin(self, scope: Mapping[str, Any]) -> OpenTelemetrySpan:
        """Begin the span of a request, in the caller's trace if it names one."""
        headers = scope["headers"]
        carrier = {name.decode(): value.decode("latin-1") for name, value in headers if name in _PROPAGATED}
        parent = self._propagator.extract(carrier) if carrier else context.Context()
        return OpenTelemetrySpan(self._tracer.start_span("request", parent, trace.SpanKind.SERVER))

    def statement(self, text: str, dialect: str) -> AbstractContextManager[Any]:
        """A span around a statement of a request.

        Exception messages can contain values, so they are left out.
        """
        if not trace.get_current_span().get_span_context().is_valid:
            return contextlib.nullcontext()
        operation = text.lstrip().partition(" ")[0].upper()
        return self._tracer.start_as_current_span(
            operation,
            kind=trace.SpanKind.CLIENT,
            attributes={
                "db.system.name": {"postgres": "postgresql"}.get(dialect, dialect),
                "db.operation.name": operation,
                "db.query.text": text,
            },
            record_exception=False,
            set_status_on_exception=False,
        )

    def shutdown(self) -> None:
        """Export the remaining spans, and stop."""
        self._provider.shutdown()


@contextlib.asynccontextmanager
async def tracing(endpoint: str) -> AsyncIterator[None]:
    """Export traces during the block."""
    tracer = Tracing.tracer = OpenTelemetryTracer(endpoint)
    try:
        yield
    finally:
        Tracing.tracer = None
        await asyncio.to_thread(tracer.shutdown)
