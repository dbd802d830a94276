import Native
import TestSupport
import Testing

@testable import Shared
@testable import Worker

@Suite("Transcriber", .onLoop)
@LoopActor struct TranscriberTests {
    private static let voice = FetchedMedia(type: .ogg, bytes: Array("OggS\u{0}voice".utf8))

    /// What came of it, and each request as `Authorization` and body.
    private func transcribe(
        _ answers: [HTTPResponse], language: String? = nil, environment: [String: String] = [:],
        business change: (inout BusinessSettings, String) -> Void = { _, _ in }
    ) async throws -> (result: Result<String, MediaFault>, requests: [(key: String?, body: String)]) {
        var requests: [(key: String?, body: String)] = []
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { request in
            let type = request.header("Content-Type") ?? ""
            requests.append(
                (
                    request.header("Authorization"),
                    "\(request.path) \(type)\n" + String(decoding: request.body, as: UTF8.self)
                ))
            return answers[min(requests.count, answers.count) - 1]
        }
        try server.start()
        defer { server.stop() }
        let http = HTTPClient()
        defer { http.close() }
        let url = "http://127.0.0.1:\(server.port)/v1/"
        let configuration = try Configuration(
            environment: ["AI_URL": url, "AI_API_KEY": "k"].merging(
                environment.mapValues { $0 == "HERE" ? url : $0 }
            ) { $1 }, role: .tool)
        var business = Business(id: "b", name: "B")
        business.settings.language = language
        change(&business.settings, url)
        let transcriber = Transcriber(
            http: http, settings: configuration.media, ai: configuration.ai, random: { 0 })
        do throws(MediaFault) {
            let text = try await transcriber.transcribe(
                Self.voice, for: business, traceparent: nil, within: .seconds(10))
            return (.success(text), requests)
        } catch { return (.failure(error), requests) }
    }

    private static func said(_ text: String) -> HTTPResponse { .json(body: #"{"text":"\#(text)"}"#) }

    @Test func `the words come back, and the request has OpenAI's shape`() async throws {
        let (result, requests) = try await transcribe([Self.said(" Are you\\nopen? ")], language: "pt-BR")
        #expect(result == .success("Are you\nopen?") && requests.count == 1)
        #expect(requests[0].key == "Bearer k")
        let body = requests[0].body
        #expect(body.hasPrefix("/v1/audio/transcriptions multipart/form-data; boundary="))
        for field in [
            "name=\"model\"\r\n\r\nwhisper-1\r\n", "name=\"language\"\r\n\r\npt\r\n",
            "name=\"response_format\"\r\n\r\njson\r\n",
            "name=\"file\"; filename=\"voice.ogg\"\r\nContent-Type: audio/ogg\r\n\r\nOggS\u{0}voice\r\n",
        ] { #expect(body.contains(field)) }
    }

    @Test(arguments: [("he", "he"), ("pt-BR", "pt"), ("EN_us", "en"), ("haw", nil), ("", nil), ("é", nil)])
    func `the language's hint is one of ISO 639-1`(tag: String, hint: String?) {
        #expect(Transcriber.isoLanguage(tag) == hint)
    }

    @Test func `a server of its own gets its own key`() async throws {
        let own = try await transcribe(
            [Self.said("x")],
            environment: [
                "AI_URL": "http://127.0.0.1:9", "AI_TRANSCRIPTION_URL": "HERE", "AI_TRANSCRIPTION_API_KEY": "own",
                "AI_TRANSCRIPTION_MODEL": "large",
            ])
        #expect(own.requests[0].key == "Bearer own" && own.requests[0].body.contains("\r\n\r\nlarge\r\n"))
        let open = try await transcribe(
            [Self.said("x")], environment: ["AI_URL": "http://127.0.0.1:9", "AI_TRANSCRIPTION_URL": "HERE"])
        #expect(open.requests[0].key == nil)
    }

    @Test func `a business's own server must be public, and never gets our key`() async throws {
        let (result, requests) = try await transcribe(
            [Self.said("x")], environment: ["AI_URL": "http://127.0.0.1:9"]
        ) { settings, url in settings.aiURL = url }
        #expect(result == .failure(.refused("its host has a private address")) && requests.isEmpty)
        let configuration = try Configuration(environment: ["AI_API_KEY": "k"], role: .tool)
        var settings = BusinessSettings()
        settings.aiURL = "https://own.example/v1"
        #expect(configuration.media.transcriptionServer(of: settings, configuration.ai).apiKey == nil)
        settings.aiAPIKey = "theirs"
        #expect(configuration.media.transcriptionServer(of: settings, configuration.ai).apiKey == Secret("theirs"))
    }

    @Test func `a busy server is asked again, one that refuses is not`() async throws {
        let busy = try await transcribe([HTTPResponse(status: 503), Self.said("late")])
        #expect(busy.result == .success("late") && busy.requests.count == 2)
        let gone = try await transcribe([HTTPResponse(status: 404)])
        #expect(gone.result == .failure(.refused("http 404")) && gone.requests.count == 1)
        let down = try await transcribe([HTTPResponse(status: 500)])
        #expect(down.result == .failure(.unavailable("http 500")) && down.requests.count == 3)
    }

    @Test(arguments: ["", "  "])
    func `silence is no transcript`(text: String) async throws {
        #expect(try await transcribe([Self.said(text)]).result == .failure(.refused("nothing was said")))
    }
}
