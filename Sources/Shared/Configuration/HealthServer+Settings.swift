import Native

extension HealthServer {
    /// nil when `METRICS_PORT` is 0.
    @LoopActor package convenience init?(_ configuration: Configuration, standardPort: Int, routes: HealthRoutes) {
        let port = configuration.monitoring.port ?? standardPort
        if port == 0 { return nil }
        self.init(host: configuration.api.host, port: port, routes: routes)
    }
}
