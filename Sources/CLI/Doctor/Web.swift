import Native

/// Asks over HTTP. Each question has a time limit; there is always an answer to judge.
@LoopActor final class Web {
    private let client = HTTPClient(keptConnections: 4)
    private static let limit: Duration = .seconds(5)

    func close() { client.close() }

    /// - Parameter mayBePrivate: false for a server that a business names, where workers do not call it either.
    func get(_ url: String, headers: [(String, String)] = [], mayBePrivate: Bool = true) async -> WebAnswer {
        await send(HTTPClient.Request(url: url, headers: headers, allowsPrivateAddresses: mayBePrivate))
    }

    func send(_ sample: SampleRequest, to base: String) async -> WebAnswer {
        await send(
            HTTPClient.Request(
                method: sample.method, url: base + sample.target, headers: sample.headers.map { ($0.name, $0.value) },
                body: Array(sample.body.utf8), allowsPrivateAddresses: true))
    }

    private func send(_ request: HTTPClient.Request) async -> WebAnswer {
        var request = request
        request.timeout = Self.limit
        request.maxResponseBytes = 1 << 20
        do throws(HTTPClientError) { return WebAnswer(try await client.send(request)) } catch {
            return WebAnswer(error)
        }
    }
}
