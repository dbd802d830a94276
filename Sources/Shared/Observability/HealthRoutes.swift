import Native

/// Health and metrics of one process: `GET /health/live`, `/health/ready`, `/metrics`.
@LoopActor package struct HealthRoutes {
    private let metrics: Metrics
    private let notReady: @LoopActor () -> String?

    /// - Parameter notReady: why the process cannot work now, or nil when it can.
    package init(metrics: Metrics, notReady: @escaping @LoopActor () -> String?) {
        self.metrics = metrics
        self.notReady = notReady
    }

    /// nil when the path is none of these.
    package func answer(method: String, path: String) -> HTTPResponse? {
        switch path {
        case "/health/live": return guarded(method) { .json(status: 200, body: #"{"status":"live"}"#) }
        case "/health/ready": return guarded(method, readiness)
        case "/metrics":
            return guarded(method) {
                HTTPResponse(
                    status: 200, headers: [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
                    body: Array(metrics.text.utf8))
            }
        default: return nil
        }
    }

    private func readiness() -> HTTPResponse {
        guard let reason = notReady() else { return .json(status: 200, body: #"{"status":"ready"}"#) }
        var json = JSONWriter()
        json.beginObject()
        json.field("status", "not_ready")
        json.field("reason", reason)
        json.endObject()
        return .json(status: 503, body: json.bytes, headers: [("Retry-After", "1")])
    }

    private func guarded(_ method: String, _ answer: () -> HTTPResponse) -> HTTPResponse {
        guard method == "GET" || method == "HEAD" else {
            return .json(
                status: 405, body: #"{"error":"method_not_allowed","message":"use GET"}"#, headers: [("Allow", "GET")])
        }
        return answer()
    }
}
