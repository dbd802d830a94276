import Native

/// Calls tools: arguments checked first, private addresses refused, answers cut.
@LoopActor package struct ToolCaller {
    package struct Call: Sendable {
        package var tool: Tool
        /// JSON text as the AI wrote it.
        package var arguments: String
        /// The same for every try of one call, so that a tool may tell a repeat: the header `Idempotency-Key`.
        package var key: String
        package var traceparent: String?
        /// What is left for it; the tool's own time limit counts too.
        package var limit: Duration

        package init(tool: Tool, arguments: String, key: String, traceparent: String? = nil, limit: Duration) {
            self.tool = tool
            self.arguments = arguments
            self.key = key
            self.traceparent = traceparent
            self.limit = limit
        }
    }

    private let http: HTTPClient
    private let hosts: OutboundHosts

    /// - Parameter hosts: private ones that a tool's URL may name.
    package init(http: HTTPClient, hosts: OutboundHosts) {
        self.http = http
        self.hosts = hosts
    }

    /// Makes the call, once. Redirects are not followed: they could lead where the tool's URL may not.
    ///
    /// - Throws: when the task is cancelled; the tool may have been called.
    package func run(_ call: Call) async throws(CancellationError) -> ToolResult {
        if let problem = ToolArguments.problem(call.arguments, for: call.tool) { return ToolResult(.refused, problem) }
        let request = ToolRequest.make(call, mayBePrivate: hosts.contains(hostOf: call.tool.url))
        let body = Beginning()
        do throws(HTTPClientError) {
            let head = try await http.stream(request) { body.add($1) }
            return ToolResult(status: head.status, body: body.bytes, length: body.length)
        } catch {
            guard let result = ToolResult(error) else { throw CancellationError() }
            return result
        }
    }

    /// As much of an answer as is told.
    @LoopActor private final class Beginning {
        private(set) var bytes: [UInt8] = []
        private(set) var length = 0

        func add(_ chunk: [UInt8]) {
            length += chunk.count
            // One more, so that the end of the last character that fits is seen.
            bytes += chunk.prefix(max(0, ToolResult.limit + 1 - bytes.count))
        }
    }
}
