import Native
import Shared

/// The whole URL table, and the answers for what is not in it.
@LoopActor struct Routes {
    /// Paths without names, found at once; then the others, in order.
    private let plain: [String: [Route]]
    private let patterns: [(pattern: PathPattern, routes: [Route])]
    private let health: HealthRoutes

    init(webhooks: Webhooks, overview: OverviewRoute, handover: HandoverRoute, health: HealthRoutes) {
        self.init(
            [
                .post("/webhook/whatsapp/incoming", webhooks.gateway.handle),
                .post("/api/whatsapp/webhook/incoming", webhooks.gateway.handle),
                .post("/webhook/twilio", webhooks.twilio.handle),
                .post("/webhook/twilio/status", webhooks.twilio.handle),
                .post("/webhook/twilio/:tenant", webhooks.twilio.handle),
                .post("/webhook/twilio/:tenant/status", webhooks.twilio.handle),
                .get("/webhook/meta", webhooks.metaVerification.handle),
                .post("/webhook/meta", webhooks.meta.handle),
                .get("/api/webhook", webhooks.metaVerification.handle),
                .post("/api/webhook", webhooks.meta.handle),
                .post("/webhook/evolution", webhooks.evolution.handle),
                .post("/webhook/evolution/:tenant", webhooks.evolution.handle),
                .post("/webhook/evolution/:tenant/:event", webhooks.evolution.handle),
                .post("/webhook/waha", webhooks.waha.handle),
                .post("/webhook/waha/:tenant", webhooks.waha.handle),
                .post("/webhook/whatsapp/receipts", webhooks.gatewayReceipts.handle),
                .get("/api/webhook/health") { request, _ in await overview.handle(request) },
                .get("/api/v1/businesses/:business/conversations/:contact/handover", handover.get),
                .post("/api/v1/businesses/:business/conversations/:contact/handover", handover.post),
                .delete("/api/v1/businesses/:business/conversations/:contact/handover", handover.delete),
            ], health: health)
    }

    init(_ routes: [Route], health: HealthRoutes) {
        self.health = health
        plain = Dictionary(grouping: routes.filter(\.isPlain)) { "\($0.path)" }
        patterns = Dictionary(grouping: routes.filter { !$0.isPlain }) { "\($0.path)" }.sorted { $0.key < $1.key }
            .map { (PathPattern($0.value[0].path), $0.value) }
    }

    @inline(__always)
    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        guard let (routes, words) = find(request.path) else {
            return health.answer(method: request.method, path: request.path)
                ?? APIError.notFound.response
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let route = routes.first(where: { $0.method == method }) else {
            let allowed = routes.map(\.method).joined(separator: ", ")
            return APIError(
                status: 405, code: "method_not_allowed", message: "use \(allowed)", headers: [("Allow", allowed)]
            ).response
        }
        return await route.handle(request, words)
    }

    private func find(_ path: String) -> (routes: [Route], words: PathWords)? {
        if let routes = plain[path] { return (routes, PathWords()) }
        let words = PathPattern.words(of: path)
        for (pattern, routes) in patterns {
            if let named = pattern.match(words) { return (routes, named) }
        }
        return nil
    }
}
