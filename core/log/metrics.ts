import { metrics } from "@opentelemetry/api";

// By the runtime's OpenTelemetry (OTEL_DENO); without it these do nothing. Names by the semantic
// conventions where they have one.
const meter = metrics.getMeter("habilita");

/** Seconds; `http.request.method`, `http.route` (the pattern), `http.response.status_code`. */
export const requestDuration = meter.createHistogram("http.server.request.duration", {
  unit: "s",
  advice: { explicitBucketBoundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
});

/** Round trips to the store of a request, one after the other; `http.route`. */
export const storeTrips = meter.createHistogram("habilita.store.trips", {
  unit: "{trip}",
  advice: { explicitBucketBoundaries: [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20] },
});

/** Attempts to send a message; `channel` (mail, chat), `outcome` (sent, later, never). */
export const deliveries = meter.createCounter("habilita.outbox.deliveries", { unit: "{attempt}" });
