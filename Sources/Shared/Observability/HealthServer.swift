import Native

/// Serves `HealthRoutes` alone, for processes that have no other server.
@LoopActor package final class HealthServer {
    private let server: HTTPServer

    package init(host: String, port: Int, routes: HealthRoutes) {
        server = HTTPServer(endpoint: .tcp(host: host, port: port), limits: .init()) { request in
            routes.answer(method: request.method, path: request.path)
                ?? .json(status: 404, body: #"{"error":"not_found","message":"see /health/ready and /metrics"}"#)
        }
    }

    package func start() throws(HTTPServerError) { try server.start() }
    package var port: Int { server.port }
    package func stop() { server.stop() }
}
