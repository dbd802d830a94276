import Native
import Shared

/// Calls `POST {AI_URL}/chat/completions` of an OpenAI-compatible server.
@LoopActor final class ChatCompletions {
    struct Call: Sendable {
        var model: String
        var messages: [ChatMessage]
        /// Time limit of all tries together.
        var limit: Duration
        var traceparent: String?
    }

    private let http: HTTPClient
    private let settings: AISettings
    private let random: @Sendable () -> Double

    /// - Parameter random: 0..<1, for the spread of waits.
    init(http: HTTPClient, settings: AISettings, random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }) {
        self.http = http
        self.settings = settings
        self.random = random
    }

    /// The answer's text, never empty. Busy servers and broken connections are tried again while the limit lasts.
    func complete(_ call: Call) async throws(AIError) -> String {
        let deadline = MonotonicInstant.now() + call.limit
        var attempt = 0
        while true {
            let left = deadline - .now()
            guard left > .zero else { throw .transient("timeout", retryAfter: nil) }
            do {
                return try await once(call, within: left)
            } catch .transient(let detail, let retryAfter) {
                let wait = retryAfter ?? Backoff.ai.delay(afterAttempt: attempt, random: random())
                guard wait < deadline - .now() else { throw .transient(detail, retryAfter: retryAfter) }
                do { try await LoopActor.loop.sleep(for: wait) } catch { throw .cancelled }
                attempt += 1
            }
        }
    }

    private func once(_ call: Call, within limit: Duration) async throws(AIError) -> String {
        var request = HTTPClient.Request(method: "POST", url: url)
        request.headers = [("Content-Type", "application/json")]
        if let key = settings.apiKey { request.headers.append(("Authorization", "Bearer \(key.exposed)")) }
        if let traceparent = call.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.body = Self.body(call)
        request.mayBeRepeated = true
        request.timeout = limit
        // The operator's own setting, not a customer's.
        request.allowsPrivateAddresses = true
        let answer: HTTPClient.Response
        do throws(HTTPClientError) { answer = try await http.send(request) } catch { throw AIError(error) }
        return try ChatAnswer.text(of: answer)
    }

    private var url: String {
        (settings.url.hasSuffix("/") ? String(settings.url.dropLast()) : settings.url) + "/chat/completions"
    }

    private static func body(_ call: Call) -> [UInt8] {
        var json = JSONWriter(reserving: 1024)
        json.beginObject()
        json.field("model", call.model)
        json.key("messages")
        json.beginArray()
        for message in call.messages { message.write(to: &json) }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

extension AIError {
    init(_ error: HTTPClientError) {
        switch error {
        case .notSent(let detail), .broken(let detail): self = .transient(detail, retryAfter: nil)
        case .timedOut: self = .transient("timeout", retryAfter: nil)
        case .responseTooLarge(let limit): self = .permanent("answer over \(limit) bytes")
        case .invalidURL: self = .permanent("AI_URL is not a URL")
        case .refusedAddress(let address): self = .permanent("address \(address) is not allowed")
        case .cancelled: self = .cancelled
        }
    }
}
