import Native

/// Stands in for an OpenAI-compatible AI: it says what it was told.
@LoopActor final class LanguageModel {
    private let desk: Desk
    private var answers = 0

    init(_ desk: Desk) { self.desk = desk }

    func complete(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let prompt: ChatPrompt
        do {
            prompt = try ChatPrompt.read(request.body)
        } catch {
            return Self.failure(400, "invalid_request_error", "messages are needed, and JSON", code: "invalid_json")
        }
        let mode = await desk.call(.ai)
        switch mode {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return Self.failure(500, "server_error", "The simulator was told to fail", code: nil)
        case .rateLimited:
            var answer = Self.failure(429, "requests", "Rate limit reached", code: "rate_limit_exceeded")
            answer.headers.append(("Retry-After", "1"))
            return answer
        case .rejected:
            return Self.failure(401, "invalid_request_error", "Incorrect API key provided", code: "invalid_api_key")
        default: return completion(prompt, mode == .empty ? .text("") : prompt.reply)
        }
    }

    func models(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        .json(
            body:
                #"{"object":"list","data":[{"id":"gpt-4o-mini","object":"model","created":0,"owned_by":"simulator"}]}"#)
    }

    private func completion(_ prompt: ChatPrompt, _ reply: ChatPrompt.Reply) -> HTTPResponse {
        answers += 1
        return .object { json in
            json.field("id", "chatcmpl-\(answers)")
            json.field("object", "chat.completion")
            json.field("created", Int(WallTime.now().milliseconds / 1000))
            json.field("model", prompt.model)
            json.key("choices")
            json.beginArray()
            json.beginObject()
            json.field("index", 0)
            json.key("message")
            json.beginObject()
            json.field("role", "assistant")
            Self.write(reply, id: "call_\(answers)", &json)
            json.endObject()
            json.field("finish_reason", reply.isToolCall ? "tool_calls" : "stop")
            json.endObject()
            json.endArray()
            json.key("usage")
            json.beginObject()
            json.field("prompt_tokens", request(prompt))
            json.field("completion_tokens", reply.length / 4 + 1)
            json.field("total_tokens", request(prompt) + reply.length / 4 + 1)
            json.endObject()
        }
    }

    /// As many tokens as a text of that length has, roughly.
    private func request(_ prompt: ChatPrompt) -> Int { prompt.length / 4 + 1 }

    private static func write(_ reply: ChatPrompt.Reply, id: String, _ json: inout JSONWriter) {
        switch reply {
        case .text(let text): json.field("content", text)
        case .tool(let name, let arguments):
            json.key("content")
            json.null()
            json.key("tool_calls")
            json.beginArray()
            json.beginObject()
            json.field("id", id)
            json.field("type", "function")
            json.key("function")
            json.beginObject()
            json.field("name", name)
            json.field("arguments", arguments)
            json.endObject()
            json.endObject()
            json.endArray()
        }
    }

    private static func failure(_ status: Int, _ type: String, _ message: String, code: String?) -> HTTPResponse {
        .object(status: status) { json in
            json.key("error")
            json.beginObject()
            json.field("message", message)
            json.field("type", type)
            json.key("param")
            json.null()
            json.key("code")
            if let code { json.value(code) } else { json.null() }
            json.endObject()
        }
    }
}
