import Native
import Shared

/// What an answer to a chat completion means. Error shapes: OpenAI's API reference, "Error codes".
@LoopActor enum ChatAnswer {
    static func text(of answer: HTTPClient.Response) throws(AIError) -> String {
        guard answer.status == 200 else { throw error(answer) }
        let content: String?
        do throws(JSONError) {
            content = try JSON.read(answer.body) { $0["choices"]?.items.first?["message"]?["content"]?.string }
        } catch {
            throw .transient("answer is not JSON", retryAfter: nil)
        }
        guard let content, content.contains(where: { !$0.isWhitespace }) else {
            throw .transient("empty answer", retryAfter: nil)
        }
        return content
    }

    private static func error(_ answer: HTTPClient.Response) -> AIError {
        let type = (try? JSON.read(answer.body) { ($0["error"]?["type"] ?? $0["error"]?["code"])?.string }) ?? nil
        let detail = "http \(answer.status)" + (type.map { " \($0)" } ?? "")
        switch answer.status {
        case 429 where type == "insufficient_quota": return .permanent(detail)
        case 408, 409, 425, 429, 500...: return .transient(detail, retryAfter: answer.retryAfter)
        default: return .permanent(detail)
        }
    }
}
