"""Every figure that the server publishes. `docs/operations.md` lists them, and a test compares both."""

from telemetry.metrics import Counter, Gauge, Histogram

REQUESTS = Counter("centrals_http_requests_total", "HTTP requests by route and status.", ("route", "status"))
REQUEST_SECONDS = Histogram(
    "centrals_http_request_seconds", "Time from a request to the end of its response, by route.", ("route",)
)
CONNECTIONS = Gauge("centrals_connections", "Open HTTP connections.")
CONNECTIONS_ENDED = Counter(
    "centrals_connections_ended_total",
    "Connections that the server ended: for the status that it answered with, or idle (none).",
    ("status",),
)
OPERATIONS = Counter(
    "centrals_operations_total", "GraphQL operations by kind and outcome.", ("kind", "outcome")
)
OPERATION_SECONDS = Histogram("centrals_operation_seconds", "Time that operations take, by kind.", ("kind",))
ERRORS = Counter("centrals_errors_total", "Errors in responses and payloads by code.", ("code",))
RATE_LIMITED = Counter(
    "centrals_rate_limited_total",
    "Refusals with the code RATE_LIMITED by limit: what `allowed` names, a mutation or the export.",
    ("limit",),
)
RATE_STORE_FAILURES = Counter(
    "centrals_rate_store_failures_total",
    "Failures of Redis, after which the database counted rate limits, by exception.",
    ("exception",),
)
STREAMS = Gauge("centrals_streams", "Open subscriptions by transport: websocket or sse.", ("transport",))
STREAM_EVENTS = Counter("centrals_stream_events_total", "Events sent to subscriptions by kind.", ("kind",))
STREAMS_ENDED = Counter(
    "centrals_streams_ended_total",
    "Subscriptions that ended by reason: client, server, or why they could not go on.",
    ("reason",),
)
EXECUTIONS = Counter(
    "centrals_executions_total",
    "Operations by how they were executed: compiled, or by the standard executor and why.",
    ("execution", "reason"),
)
PLAN_FAULTS = Counter(
    "centrals_plan_faults_total",
    "Faults of compiled plans, after which the standard executor answered, by exception.",
    ("exception",),
)
CACHE_LOOKUPS = Counter(
    "centrals_cache_lookups_total",
    "Lookups of prepared operations, of their plans and of introspection results, by result.",
    ("cache", "result"),
)
CACHE_BYTES = Gauge("centrals_cache_bytes", "Estimated bytes in each cache.", ("cache",))
STATEMENTS = Counter("centrals_statements_total", "SQL statements by kind: read or write.", ("kind",))
DATABASE_FAILURES = Counter(
    "centrals_database_failures_total",
    "Statements that failed because the database was away, full or read-only, by exception.",
    ("exception",),
)
POOL_CONNECTIONS = Gauge(
    "centrals_pool_connections",
    "Database connections by pool and state: active, idle, waiting (for a connection) and limit.",
    ("pool", "state"),
)
OUTBOX_MESSAGES = Gauge(
    "centrals_outbox_messages", "E-mails in the outbox by state: waiting or failed.", ("state",), "max"
)
OUTBOX_AGE = Gauge(
    "centrals_outbox_age_seconds", "How long the oldest e-mail has waited to be sent.", (), "max"
)
MAILS = Counter("centrals_mails_total", "Attempts to send e-mails by outcome.", ("outcome",))
DELIVERIES = Counter(
    "centrals_deliveries_total", "Attempts to send events to other systems by outcome.", ("outcome",)
)
WORK = Counter(
    "centrals_work_total",
    "Work that was due because time had passed, by job and outcome.",
    ("job", "outcome"),
)
INTAKE_MESSAGES = Counter("centrals_intake_messages_total", "Marketplace messages by outcome.", ("outcome",))
PRUNED = Counter(
    "centrals_pruned_total",
    "Rows that had served their purpose and were removed, by table.",
    ("table",),
)
FAULTS = Counter("centrals_faults_total", "Internal errors by exception.", ("exception",))
PROCESSES = Gauge("centrals_processes", "Server processes.")
CPU_SECONDS = Counter("centrals_cpu_seconds_total", "CPU time of all server processes.")
MEMORY_BYTES = Gauge("centrals_memory_bytes", "Resident memory of all server processes.")
LOOP_LAG = Gauge(
    "centrals_event_loop_lag_seconds",
    "How late an event loop ran its last timer; the largest of all processes.",
    (),
    "max",
)
BUILD = Gauge("centrals_build", "1 for the version that runs.", ("version",), "max")
