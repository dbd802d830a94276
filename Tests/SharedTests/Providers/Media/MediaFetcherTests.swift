import Native
import TestSupport
import Testing

@testable import Shared

@Suite("Media fetcher", .onLoop)
@LoopActor struct MediaFetcherTests {
    static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3]

    /// Requests that a stand-in got, and what it answered.
    @LoopActor final class StandIn {
        struct Seen: Sendable {
            let method, path: String
            /// Of credentials.
            let headers: [String: String]
        }

        private(set) var requests: [Seen] = []
        let answer: (HTTPRequest, Int) -> HTTPResponse

        init(_ answer: @escaping (HTTPRequest, Int) -> HTTPResponse) { self.answer = answer }

        func take(_ request: HTTPRequest) -> HTTPResponse {
            let names = ["Authorization", "X-Internal-Secret", "apikey", "X-Api-Key"]
            let headers = names.compactMap { name in request.header(name).map { (name, $0) } }
            requests.append(
                Seen(method: request.method, path: request.path, headers: Dictionary(headers) { first, _ in first }))
            return answer(request, requests.count)
        }
    }

    private func fetch(
        _ standIn: StandIn, _ provider: ProviderName = .baileys,
        media: (String) -> InboundMedia = { _ in InboundMedia(id: "9") },
        most: Int = 1000, wanted: MediaType.Family = .image, settings: [String: String] = [:],
        limit: Duration = .seconds(10)
    ) async throws -> Result<FetchedMedia, MediaFault> {
        let server = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { standIn.take($0) }
        try server.start()
        defer { server.stop() }
        let url = "http://127.0.0.1:\(server.port)"
        let environment = [
            "INTERNAL_SECRET": "s", "BAILEYS_URL": url, "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "token",
            "TWILIO_FROM": "+1", "TWILIO_URL": url, "META_ACCESS_TOKEN": "bearer", "META_PHONE_NUMBER_ID": "77",
            "META_URL": url + "/v21.0", "EVOLUTION_URL": url, "EVOLUTION_API_KEY": "ek", "WAHA_URL": url,
            "WAHA_API_KEY": "wk",
        ].merging(settings) { $1 }
        let http = HTTPClient()
        defer { http.close() }
        let fetcher = MediaFetcher(
            http: http, sources: MediaSources(try Configuration(environment: environment, role: .tool)),
            mostBytes: most, random: { 0 })
        let media = media(url)
        let message = InboundMessage(
            tenant: "shop", provider: provider, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: nil, messageID: "M1", kind: .image, text: nil, media: media, sentAt: WallTime(milliseconds: 0))
        do throws(MediaFault) {
            return .success(
                try await fetcher.fetch(
                    media, of: message, for: Business(id: "shop", name: "Shop"), wanted: wanted, within: limit))
        } catch { return .failure(error) }
    }

    private static let picture = HTTPResponse(status: 200, headers: [("Content-Type", "image/jpeg")], body: jpeg)
    private static let fetched = FetchedMedia(type: .jpeg, bytes: jpeg)

    @Test func `the gateway's bytes come back`() async throws {
        let standIn = StandIn { _, _ in Self.picture }
        #expect(try await fetch(standIn) == .success(Self.fetched))
        #expect(standIn.requests.map(\.path) == ["/whatsapp/shop/media/M1"])
        #expect(standIn.requests[0].headers["X-Internal-Secret"] == "s")
    }

    @Test func `Meta is asked for the place, then for the bytes`() async throws {
        let standIn = StandIn { request, count in
            let host = request.header("Host") ?? ""
            return count == 1 ? .json(body: #"{"url":"http://\#(host)/bytes?x=1"}"#) : Self.picture
        }
        #expect(try await fetch(standIn, .meta) == .success(Self.fetched))
        #expect(standIn.requests.map(\.path) == ["/v21.0/9", "/bytes"])
        #expect(standIn.requests.allSatisfy { $0.headers["Authorization"] == "Bearer bearer" })
    }

    @Test func `Evolution's Base64 is taken apart`() async throws {
        let body = #"{"mimetype":"image/jpeg","base64":"\#(Base64.encode(Self.jpeg))"}"#
        let standIn = StandIn { _, _ in .json(status: 201, body: body) }
        #expect(try await fetch(standIn, .evolution) == .success(Self.fetched))
        #expect(standIn.requests[0].headers["apikey"] == "ek" && standIn.requests[0].method == "POST")
        let broken = StandIn { _, _ in .json(status: 201, body: #"{"base64":"@@@@"}"#) }
        #expect(try await fetch(broken, .evolution) == .failure(.refused("it is not Base64")))
    }

    @Test func `credentials do not follow a redirect to another host`() async throws {
        let other = StandIn { _, _ in Self.picture }
        let elsewhere = HTTPServer(endpoint: .tcp(host: "127.0.0.1", port: 0)) { other.take($0) }
        try elsewhere.start()
        defer { elsewhere.stop() }
        let place = "http://127.0.0.1:\(elsewhere.port)/stored"
        let twilio = StandIn { request, _ in
            request.path == "/here"
                ? HTTPResponse(status: 307, headers: [("Location", place)])
                : HTTPResponse(status: 307, headers: [("Location", "/here")])
        }
        let allowed = try await fetch(
            twilio, .twilio, media: { InboundMedia(url: $0 + "/media") },
            settings: ["OUTBOUND_ALLOW_HOSTS": "127.0.0.1"])
        #expect(allowed == .success(Self.fetched))
        #expect(twilio.requests.map { $0.headers["Authorization"] != nil } == [true, true])
        #expect(other.requests.count == 1 && other.requests[0].headers["Authorization"] == nil)
        // The other host is private, and nobody allowed it.
        let refused = try await fetch(twilio, .twilio, media: { InboundMedia(url: $0 + "/media") })
        #expect(refused == .failure(.refused("its host has a private address")) && other.requests.count == 1)
    }

    @Test func `redirects end`() async throws {
        let standIn = StandIn { _, _ in HTTPResponse(status: 302, headers: [("Location", "/again")]) }
        #expect(try await fetch(standIn) == .failure(.refused("too many redirects")))
        #expect(standIn.requests.count < 10)
    }

    @Test func `what is too large is refused, also when it does not say so`() async throws {
        let standIn = StandIn { _, _ in HTTPResponse(status: 200, body: Self.jpeg + [UInt8](repeating: 0, count: 2000))
        }
        #expect(try await fetch(standIn) == .failure(.refused("over 1000 bytes")))
        let evolution = StandIn { _, _ in
            .json(body: #"{"base64":"\#(Base64.encode([UInt8](repeating: 0, count: 100_000)))"}"#)
        }
        guard case .failure(.refused) = try await fetch(evolution, .evolution) else {
            Issue.record("more than the limit was taken")
            return
        }
    }

    @Test func `bytes of another type are refused`() async throws {
        let html = StandIn { _, _ in HTTPResponse(status: 200, body: Array("<html>".utf8)) }
        #expect(try await fetch(html) == .failure(.refused("the bytes are no image")))
        let picture = StandIn { _, _ in Self.picture }
        #expect(try await fetch(picture, wanted: .audio) == .failure(.refused("the bytes are no audio")))
    }

    @Test func `a server in trouble is asked again, one that refuses is not`() async throws {
        let standIn = StandIn { _, count in count < 3 ? HTTPResponse(status: 503) : Self.picture }
        #expect(try await fetch(standIn) == .success(Self.fetched) && standIn.requests.count == 3)
        let broken = StandIn { _, _ in HTTPResponse(status: 500) }
        #expect(try await fetch(broken) == .failure(.unavailable("http 500")) && broken.requests.count == 3)
        let gone = StandIn { _, _ in HTTPResponse(status: 404) }
        #expect(try await fetch(gone) == .failure(.refused("http 404")) && gone.requests.count == 1)
    }

    @Test func `where one place refuses, the next one is asked`() async throws {
        let body = #"{"mimetype":"image/jpeg","base64":"\#(Base64.encode(Self.jpeg))"}"#
        let standIn = StandIn { _, _ in .json(status: 201, body: body) }
        // A private object store that nobody allowed.
        let result = try await fetch(standIn, .evolution, media: { InboundMedia(url: $0 + "/bucket") })
        #expect(result == .success(Self.fetched))
        #expect(standIn.requests.map(\.path) == ["/chat/getBase64FromMediaMessage/shop"])
    }

    @Test func `nothing is asked where the limit is over`() async throws {
        let standIn = StandIn { _, _ in Self.picture }
        #expect(try await fetch(standIn, limit: .zero) == .failure(.unavailable("timeout")))
        #expect(standIn.requests.isEmpty)
    }
}
