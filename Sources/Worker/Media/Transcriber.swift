import Native
import Shared

/// Writes down what is said in a voice message: `POST …/audio/transcriptions` of an OpenAI-compatible server.
/// Source: OpenAI's API reference, "Create transcription".
@LoopActor struct Transcriber {
    private let http: HTTPClient
    private let settings: MediaSettings
    private let ai: AISettings
    private let random: @Sendable () -> Double

    /// Of one request.
    private static let callLimit: Duration = .seconds(120)
    private static let tries = 3

    /// - Parameter random: 0..<1, for the spread of waits.
    init(
        http: HTTPClient, settings: MediaSettings, ai: AISettings,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.http = http
        self.settings = settings
        self.ai = ai
        self.random = random
    }

    /// Never empty: silence is refused. Busy servers and broken connections are tried again.
    ///
    /// - Parameter limit: of all tries together.
    func transcribe(
        _ media: FetchedMedia, for business: Business, traceparent: String?, within limit: Duration
    ) async throws(MediaFault) -> String {
        let deadline = MonotonicInstant.now() + limit
        var attempt = 0
        while true {
            let wait = Backoff.ai.delay(afterAttempt: attempt, random: random())
            do throws(MediaFault) {
                return try await once(media, business, traceparent, until: deadline)
            } catch {
                attempt += 1
                guard case .unavailable = error, attempt < Self.tries, wait < deadline - .now() else { throw error }
            }
            do { try await LoopActor.loop.sleep(for: wait) } catch { throw .cancelled }
        }
    }

    private func once(
        _ media: FetchedMedia, _ business: Business, _ traceparent: String?, until deadline: MonotonicInstant
    ) async throws(MediaFault) -> String {
        let left = min(deadline - .now(), Self.callLimit)
        guard left > .zero else { throw .unavailable("timeout") }
        let server = settings.transcriptionServer(of: business.settings, ai)
        var request = HTTPClient.Request(method: "POST", url: server.url("/audio/transcriptions"))
        request.headers = server.headers
        if let traceparent { request.headers.append(("traceparent", traceparent)) }
        request.form = Self.form(media, model: settings.transcriptionModel, language: business.settings.language)
        request.timeout = left
        request.maxResponseBytes = 1 << 20
        request.allowsPrivateAddresses = server.mayBePrivate
        let answer: HTTPClient.Response
        do throws(HTTPClientError) { answer = try await http.send(request) } catch { throw MediaFault(error) }
        guard answer.status == 200 else { throw MediaFault(status: answer.status) }
        let read = try? JSON.read(answer.body) { $0["text"]?.string }
        guard let text = read ?? nil else { throw .refused("the answer is no transcript") }
        let end = text.lastIndex { !$0.isWhitespace }
        guard let end else { throw .refused("nothing was said") }
        return String(text[...end].drop(while: \.isWhitespace))
    }

    private static func form(
        _ media: FetchedMedia, model: String, language: String?
    ) -> [HTTPClient.FormPart] {
        var parts = [
            HTTPClient.FormPart(name: "model", model), HTTPClient.FormPart(name: "response_format", "json"),
        ]
        if let language = language.flatMap(isoLanguage) {
            parts.append(HTTPClient.FormPart(name: "language", language))
        }
        parts.append(
            HTTPClient.FormPart(
                name: "file", fileName: "voice.\(media.type.fileExtension)", contentType: media.type.mimeType,
                bytes: media.bytes))
        return parts
    }

    /// Of a language tag the first part, where that is one of ISO 639-1: `pt-BR` is `pt`.
    static func isoLanguage(_ tag: String) -> String? {
        let language = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return language.utf8.count == 2 && language.utf8.allSatisfy { (0x61...0x7A).contains($0) } ? language : nil
    }
}
