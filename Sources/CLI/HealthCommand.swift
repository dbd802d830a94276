import Native

/// `rejoinder health URL`: the health check of containers.
@LoopActor struct HealthCommand {
    let url: String

    nonisolated init(url: String) { self.url = url }

    /// Returns the status to exit with.
    func run() async -> Int32 {
        guard let reason = await HTTPProbe(client: HTTPClient()).notReady(url) else { return 0 }
        StandardStream.error.write("rejoinder: not ready: \(reason)\n")
        return 1
    }
}
