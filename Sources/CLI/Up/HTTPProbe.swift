import Native

/// Asks a part of ours whether it is ready.
@LoopActor struct HTTPProbe {
    let client: HTTPClient

    /// nil when `url` answers 200, else what it says or why it says nothing.
    func notReady(_ url: String) async -> String? {
        let request = HTTPClient.Request(
            url: url, timeout: .seconds(2), maxResponseBytes: 4096, allowsPrivateAddresses: true)
        do throws(HTTPClientError) {
            let response = try await client.send(request)
            if response.status == 200 { return nil }
            return "\(url) answers \(response.status) \(String(decoding: response.body.prefix(200), as: UTF8.self))"
        } catch {
            return "\(url): \(error)"
        }
    }
}
