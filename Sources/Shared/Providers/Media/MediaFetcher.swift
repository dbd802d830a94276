import Native

/// Fetches voice messages and pictures from the provider they came through.
@LoopActor package struct MediaFetcher {
    private let http: HTTPClient
    private let sources: MediaSources
    /// Of one file. More is refused while it arrives.
    private let mostBytes: Int
    private let random: @Sendable () -> Double

    /// Of one request.
    private static let callLimit: Duration = .seconds(60)
    private static let tries = 3
    private static let mostRedirects = 3

    /// - Parameter random: 0..<1, for the spread of waits.
    package init(
        http: HTTPClient, sources: MediaSources, mostBytes: Int,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.http = http
        self.sources = sources
        self.mostBytes = mostBytes
        self.random = random
    }

    /// - Parameters:
    ///   - wanted: what else comes is refused.
    ///   - limit: of all tries together.
    package func fetch(
        _ media: InboundMedia, of message: InboundMessage, for business: Business, wanted: MediaType.Family,
        within limit: Duration
    ) async throws(MediaFault) -> FetchedMedia {
        try await fetch(media, of: message, for: business, within: limit) { (bytes, type) throws(MediaFault) in
            try FetchedMedia(bytes, wanted: wanted, claim: type)
        }
    }

    /// Whatever it is. The claim is the sender's, else the server's.
    package func fetch(
        _ media: InboundMedia, of message: InboundMessage, for business: Business, within limit: Duration
    ) async throws(MediaFault) -> (bytes: [UInt8], claim: String?) {
        try await fetch(media, of: message, for: business, within: limit) { ($0, $1) }
    }

    private func fetch<T>(
        _ media: InboundMedia, of message: InboundMessage, for business: Business, within limit: Duration,
        _ take: ([UInt8], String?) throws(MediaFault) -> T
    ) async throws(MediaFault) -> T {
        let calls = sources.calls(for: media, of: message, business)
        guard !calls.isEmpty else { throw .refused("no place to fetch it from") }
        let deadline = MonotonicInstant.now() + limit
        var fault = MediaFault.refused("no place to fetch it from")
        for call in calls {
            do throws(MediaFault) {
                let (bytes, type) = try await patiently(call, business, until: deadline)
                return try take(bytes, media.mimeType ?? type)
            } catch {
                if error == .cancelled { throw error }
                fault = error
            }
        }
        throw fault
    }

    private func patiently(
        _ call: MediaCall, _ business: Business, until deadline: MonotonicInstant
    ) async throws(MediaFault) -> (bytes: [UInt8], type: String?) {
        var attempt = 0
        while true {
            let wait = Backoff.ai.delay(afterAttempt: attempt, random: random())
            do throws(MediaFault) {
                return try await follow(call, business, until: deadline)
            } catch {
                attempt += 1
                guard case .unavailable = error, attempt < Self.tries, wait < deadline - .now() else { throw error }
            }
            do { try await LoopActor.loop.sleep(for: wait) } catch { throw .cancelled }
        }
    }

    /// One call after another to the bytes: links and redirects.
    private func follow(
        _ first: MediaCall, _ business: Business, until deadline: MonotonicInstant
    ) async throws(MediaFault) -> (bytes: [UInt8], type: String?) {
        var call = first
        for _ in 0...(Self.mostRedirects + 1) {
            let answer = try await send(call, until: deadline)
            switch answer.status {
            case 301, 302, 303, 307, 308:
                guard let next = answer.header("Location").flatMap({ call.redirected(to: $0, sources.hosts) }) else {
                    throw .refused("a redirect that is not followed")
                }
                call = next
            case 200, 201:
                if call.answer == .bytes { return (answer.body, answer.header("Content-Type")) }
                if call.answer == .evolutionBase64 { return try Self.decoded(answer.body) }
                let next = try? JSON.read(answer.body) { sources.next($0, after: call, business) }
                guard let next = next ?? nil else { throw .refused("it tells no place of its own") }
                call = next
            case let status: throw MediaFault(status: status)
            }
        }
        throw .refused("too many redirects")
    }

    private func send(_ call: MediaCall, until deadline: MonotonicInstant) async throws(MediaFault)
        -> HTTPClient.Response
    {
        let left = min(deadline - .now(), Self.callLimit)
        guard left > .zero else { throw .unavailable("timeout") }
        var request = HTTPClient.Request(method: call.body == nil ? "GET" : "POST", url: call.url)
        request.headers = call.headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        if let body = call.body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = body
        }
        request.timeout = left
        request.allowsPrivateAddresses = call.mayBePrivate
        request.maxResponseBytes =
            switch call.answer {
            case .bytes: mostBytes
            case .metaLink, .wahaMessage: 1 << 20
            case .evolutionBase64: min(JSON.maxBytes, mostBytes / 3 * 4 + 65_536)
            }
        do throws(HTTPClientError) { return try await http.send(request) } catch { throw MediaFault(error) }
    }

    private static func decoded(_ body: [UInt8]) throws(MediaFault) -> (bytes: [UInt8], type: String?) {
        let read = try? JSON.read(body) { ($0["base64"]?.bytes.flatMap(Base64.decode), $0["mimetype"]?.string) }
        guard let read, let bytes = read.0 else { throw .refused("it is not Base64") }
        return (bytes, read.1)
    }
}
