import Native
import Shared

/// Calls `POST …/chat/completions` of OpenAI-compatible servers.
@LoopActor final class ChatCompletions {
    /// A class, because each step of the call would hold a copy of the value, 200 bytes.
    final class Call: Sendable {
        let server: AIServer
        let request: ChatRequest
        /// Time limit of all tries together.
        let limit: Duration
        let traceparent: String?
        /// An operator asked for this call: it is made although the server's circuit is open.
        let insists: Bool

        init(
            server: AIServer, request: ChatRequest, limit: Duration, traceparent: String? = nil, insists: Bool = false
        ) {
            self.server = server
            self.request = request
            self.limit = limit
            self.traceparent = traceparent
            self.insists = insists
        }
    }

    private let http: HTTPClient
    private let circuits: AICircuits
    private let random: @Sendable () -> Double

    /// Answers without anything to say that are taken before the call gives up.
    private static let emptyTries = 3
    private static let maxResponseBytes = 4 << 20

    /// - Parameter random: 0..<1, for the spread of waits.
    init(http: HTTPClient, circuits: AICircuits, random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }) {
        self.http = http
        self.circuits = circuits
        self.random = random
    }

    /// What the AI says. Busy servers and broken connections are tried again while the limit lasts, and not sooner than
    /// they ask for; what would end the same is not.
    func complete(_ call: Call) async throws(AIError) -> ChatAnswer {
        let deadline = MonotonicInstant.now() + call.limit, body = call.request.body
        var attempt = 0, empties = 0, hasFailed = false
        while true {
            let left = deadline - .now()
            guard left > .zero else { throw .transient("timeout", retryAfter: nil) }
            do throws(ChatFault) {
                // Once only: should it fail, the server is left in peace like by any other call.
                let insists = call.insists && attempt == 0
                return try await once(call, body, within: left, insists: insists, counts: !hasFailed)
            } catch {
                // A call's further failures say nothing that the first one did not.
                hasFailed = hasFailed || error.outcome == .failure
                if case .empty = error { empties += 1 }
                guard case .transient(let detail, let retryAfter) = error.error, empties < Self.emptyTries else {
                    throw error.error
                }
                let wait = retryAfter ?? Backoff.ai.delay(afterAttempt: attempt, random: random())
                guard wait < deadline - .now() else { throw .transient(detail, retryAfter: retryAfter) }
                do { try await LoopActor.loop.sleep(for: wait) } catch { throw .cancelled }
                attempt += 1
            }
        }
    }

    /// - Parameter counts: whether a failure counts for the circuit.
    private func once(
        _ call: Call, _ body: [UInt8], within limit: Duration, insists: Bool, counts: Bool
    ) async throws(ChatFault) -> ChatAnswer {
        let isProbe = try circuits.ask(call.server, insists: insists)
        do throws(ChatFault) {
            let answer = try await send(call, body, within: limit)
            circuits.note(.success, "", isProbe: isProbe, of: call.server)
            return answer
        } catch {
            let outcome = error.outcome == .failure && !counts && !isProbe ? .nothing : error.outcome
            circuits.note(outcome, error.error.detail, isProbe: isProbe, of: call.server)
            throw error
        }
    }

    private func send(_ call: Call, _ body: [UInt8], within limit: Duration) async throws(ChatFault) -> ChatAnswer {
        let answer: HTTPClient.Response
        do throws(HTTPClientError) {
            answer = try await http.send(request(call, body, within: limit))
        } catch { throw ChatFault(error) }
        return try ChatAnswer.read(answer)
    }

    @inline(never) private func request(_ call: Call, _ body: [UInt8], within limit: Duration) -> HTTPClient.Request {
        var request = HTTPClient.Request(method: "POST", url: call.server.url("/chat/completions"))
        request.headers = [("Content-Type", "application/json")] + call.server.headers
        if let traceparent = call.traceparent { request.headers.append(("traceparent", traceparent)) }
        request.body = body
        request.mayBeRepeated = true
        request.timeout = limit
        request.maxResponseBytes = Self.maxResponseBytes
        request.allowsPrivateAddresses = call.server.mayBePrivate
        return request
    }
}
