import Native

/// Stands in for `POST /v1/audio/transcriptions` of an OpenAI-compatible AI: a file of `OggS` and words says those words.
@LoopActor final class SpeechModel {
    private let desk: Desk

    init(_ desk: Desk) { self.desk = desk }

    func transcribe(_ request: HTTPRequest, _ words: PathWords) async -> HTTPResponse {
        let form = FormBody(request.body, type: request.header("Content-Type") ?? "")
        guard let file = form?.fields["file"], form?.fields["model"] != nil else {
            return .failure(400, "invalid_request_error", "file and model are needed")
        }
        switch await desk.call(.ai, .other) {
        case .hang: return await desk.hang()
        case .close: return .closed
        case .error: return .failure(500, "server_error", "The simulator was told to fail")
        case .rateLimited: return .failure(429, "requests", "Rate limit reached", headers: [("Retry-After", "1")])
        case .rejected: return .failure(401, "invalid_request_error", "Incorrect API key provided")
        default: break
        }
        guard file.starts(with: "OggS".utf8) else {
            return .failure(400, "invalid_request_error", "Invalid file format.")
        }
        return .object { $0.field("text", String(decoding: file.dropFirst(4), as: UTF8.self)) }
    }
}
