import Native
import Shared

/// The whole URL table, and the answers for what is not in it.
@LoopActor struct Routes {
    private let table: [String: [Route]]
    private let health: HealthRoutes

    init(incoming: IncomingWebhook, overview: OverviewRoute, health: HealthRoutes) {
        self.health = health
        let routes: [Route] = [
            .post("/webhook/whatsapp/incoming", incoming.handle),
            .post("/api/whatsapp/webhook/incoming", incoming.handle),
            .get("/api/webhook/health", overview.handle),
        ]
        table = Dictionary(grouping: routes, by: \.path)
    }

    func handle(_ request: HTTPRequest) async -> HTTPResponse {
        guard let routes = table[request.path] else {
            return health.answer(method: request.method, path: request.path)
                ?? APIError(status: 404, code: "not_found", message: "there is nothing at this path").response
        }
        let method = request.method == "HEAD" ? "GET" : request.method
        guard let route = routes.first(where: { $0.method == method }) else {
            let allowed = routes.map(\.method).joined(separator: ", ")
            return APIError(
                status: 405, code: "method_not_allowed", message: "use \(allowed)", headers: [("Allow", allowed)]
            ).response
        }
        return await route.handle(request)
    }
}
