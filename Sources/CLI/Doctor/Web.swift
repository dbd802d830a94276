import Native

/// Asks over HTTP. Each question has a time limit; there is always an answer to judge.
@LoopActor final class Web {
    private let client = HTTPClient(keptConnections: 4)
    private static let limit: Duration = .seconds(5)

    func close() { client.close() }

    func get(_ url: String, headers: [(String, String)] = []) async -> WebAnswer {
        await send(HTTPClient.Request(url: url, headers: headers))
    }

    func send(_ sample: SampleRequest, to base: String) async -> WebAnswer {
        await send(
            HTTPClient.Request(
                method: sample.method, url: base + sample.target, headers: sample.headers.map { ($0.name, $0.value) },
                body: Array(sample.body.utf8)))
    }

    private func send(_ request: HTTPClient.Request) async -> WebAnswer {
        var request = request
        request.timeout = Self.limit
        request.maxResponseBytes = 1 << 20
        // Whoever runs this names all of these servers.
        request.allowsPrivateAddresses = true
        do throws(HTTPClientError) { return WebAnswer(try await client.send(request)) } catch {
            return WebAnswer(error)
        }
    }
}
