import Native
import Shared

/// What the AI says to one request.
enum ChatAnswer: Equatable, Sendable {
    /// Never empty.
    case text(String)
    /// A turn with calls of tools, and perhaps words that go with them.
    case calls(ChatMessage)

    /// - Throws: when it is an error, or says nothing.
    @LoopActor static func read(_ answer: HTTPClient.Response, now: WallTime = .now()) throws(ChatFault) -> ChatAnswer {
        try read(answer.body, status: answer.status, retryAfter: retryAfter(answer, now))
    }

    /// - Parameter wait: what the server asks for in the answer's headers.
    @LoopActor static func read(
        _ body: [UInt8], status: Int, retryAfter wait: Duration?
    ) throws(ChatFault) -> ChatAnswer {
        guard status == 200 else { throw ChatFault(ChatErrorBody(body), status: status, retryAfter: wait) }
        let read: Result<ChatAnswer, ChatFault>
        do throws(JSONError) {
            read = try JSON.read(body) { json in choice(json, wait) }
        } catch {
            throw .broken("answer is not JSON", retryAfter: nil)
        }
        return try read.get()
    }

    @LoopActor private static func choice(_ json: JSONElement, _ wait: Duration?) -> Result<ChatAnswer, ChatFault> {
        // Proxies tell errors of the server behind them under their own 200.
        if json["choices"] == nil, json["error"] != nil {
            let body = ChatErrorBody(json)
            return .failure(ChatFault(body, status: body.number ?? 500, retryAfter: wait))
        }
        guard let choice = json["choices"]?.items.first, let message = choice["message"] else {
            return .failure(.broken("answer without a choice", retryAfter: nil))
        }
        let text = ChatText.read(message)
        let calls = calls(message)
        if !calls.isEmpty {
            let content = text.isEmpty ? [] : [ChatMessage.Part.text(text)]
            return .success(.calls(ChatMessage(role: .assistant, content: content, toolCalls: calls)))
        }
        if !text.isEmpty { return .success(.text(text)) }
        // A refusal is meant to be read.
        if let refusal = message["refusal"]?.string, refusal.contains(where: { !$0.isWhitespace }) {
            return .success(.text(refusal))
        }
        return .failure(emptiness(choice, message))
    }

    @LoopActor private static func emptiness(_ choice: JSONElement, _ message: JSONElement) -> ChatFault {
        switch choice["finish_reason"]?.string {
        case "content_filter": .refused("content filter")
        // Asked again it would think as long again.
        case "length": .refused("no text within the answer's token limit")
        default: ChatText.hasReasoning(message) ? .empty("only reasoning") : .empty("empty answer")
        }
    }

    /// Servers that leave out the id, or give the same one twice, get one of ours.
    @LoopActor private static func calls(_ message: JSONElement) -> [ToolCall] {
        var ids: Set<String> = []
        return (message["tool_calls"]?.items ?? []).compactMap { ToolCall($0) }.enumerated().map { place, call in
            if !call.id.isEmpty, ids.insert(call.id).inserted { return call }
            var id = "call_\(place)"
            while !ids.insert(id).inserted { id += "_" }
            return ToolCall(id: id, name: call.name, arguments: call.arguments)
        }
    }

    /// OpenAI and Azure also tell milliseconds. Source: the header list of openai-python's `_base_client.py`.
    @LoopActor private static func retryAfter(_ answer: HTTPClient.Response, _ now: WallTime) -> Duration? {
        if let text = answer.header("retry-after-ms"), let milliseconds = Double(text), !milliseconds.isNaN {
            return .milliseconds(Int64(min(max(milliseconds, 0), 300_000)))
        }
        return answer.header("Retry-After").flatMap { RetryAfter.wait($0, now: now) }
    }
}
