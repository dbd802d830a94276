import Native
import TestSupport
import Testing

@testable import Shared

/// What is asked for a message's media, and what goes along.
@Suite("Media sources", .onLoop)
@LoopActor struct MediaSourcesTests {
    private func sources(_ more: [String: String] = [:]) throws -> MediaSources {
        let environment = [
            "INTERNAL_SECRET": "s", "BAILEYS_URL": "http://gateway:3300/", "TWILIO_ACCOUNT_SID": "AC1",
            "TWILIO_AUTH_TOKEN": "token", "TWILIO_FROM": "+1", "META_ACCESS_TOKEN": "bearer",
            "META_PHONE_NUMBER_ID": "77", "EVOLUTION_URL": "http://evolution:8080", "EVOLUTION_API_KEY": "ek",
            "WAHA_URL": "http://waha:3000", "WAHA_API_KEY": "wk", "OUTBOUND_ALLOW_HOSTS": "minio",
        ]
        return MediaSources(
            try Configuration(environment: environment.merging(more) { $1 }, role: .tool))
    }

    private func calls(
        _ provider: ProviderName, _ media: InboundMedia, id: String = "M1", _ more: [String: String] = [:]
    ) throws -> [MediaCall] {
        let message = InboundMessage(
            tenant: "shop", provider: provider, address: try #require(ContactAddress(rawValue: "15550001111@c.us")),
            contactName: nil, messageID: id, kind: .audio, text: nil, media: media, sentAt: WallTime(milliseconds: 0))
        return try sources(more).calls(for: media, of: message, Business(id: "shop", name: "Shop"))
    }

    private func next(_ json: String, after call: MediaCall, _ business: Business) throws -> MediaCall? {
        let sources = try sources()
        return try JSON.read(Array(json.utf8)) { sources.next($0, after: call, business) }
    }

    @Test func `the gateway is asked by business and message`() throws {
        #expect(
            try calls(.baileys, InboundMedia(), id: "a/../b?") == [
                MediaCall(
                    url: "http://gateway:3300/whatsapp/shop/media/a%2F..%2Fb%3F", headers: ["X-Internal-Secret": "s"],
                    mayBePrivate: true)
            ])
    }

    @Test func `Twilio's credentials go to Twilio only`() throws {
        let media = "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1"
        let open = ["Authorization": "Basic QUMxOnRva2Vu"]
        #expect(
            try calls(.twilio, InboundMedia(url: media)) == [MediaCall(url: media, headers: open, mayBePrivate: true)])
        let region = "https://api.ie1.twilio.com/x"
        #expect(
            try calls(.twilio, InboundMedia(url: region)) == [
                MediaCall(url: region, headers: open, mayBePrivate: false)
            ])
        let own = try calls(.twilio, InboundMedia(url: "http://stand-in:1/x"), ["TWILIO_URL": "http://stand-in:1"])
        #expect(own == [MediaCall(url: "http://stand-in:1/x", headers: open, mayBePrivate: true)])
        for url in [
            "http://api.twilio.com/x", "https://twilio.com.evil.example/x", "https://eviltwilio.com/x",
            "https://api.twilio.com@evil.example/x", "https://evil.example/api.twilio.com", "ftp://api.twilio.com/x",
            "http://169.254.169.254/", "https://api.twilio.com\\@evil.example/", "",
        ] { #expect(try calls(.twilio, InboundMedia(url: url)).isEmpty) }
        #expect(try calls(.twilio, InboundMedia(id: "x")).isEmpty)
    }

    @Test func `a redirect takes credentials along to the same origin only`() throws {
        let call = MediaCall(url: "https://api.twilio.com/x", headers: ["Authorization": "b"], mayBePrivate: true)
        let hosts = OutboundHosts(["minio"])
        let here = call.redirected(to: "/y", hosts)
        #expect(
            here?.url == "https://api.twilio.com:443/y" && here?.headers == call.headers && here?.mayBePrivate == true)
        let there = call.redirected(to: "https://mms.twiliocdn.com/y", hosts)
        #expect(there == MediaCall(url: "https://mms.twiliocdn.com/y", mayBePrivate: false))
        #expect(call.redirected(to: "https://api.twilio.com:8443/y", hosts)?.headers == [:])
        #expect(call.redirected(to: "https://minio/y", hosts) == MediaCall(url: "https://minio/y", mayBePrivate: true))
        for place in ["http://api.twilio.com/y", "//evil.example/y", "y", "", "file:///etc/passwd", "https://a@b/"] {
            #expect(call.redirected(to: place, hosts) == nil)
        }
    }

    @Test func `Meta's id is asked for its place, and the token goes to Meta only`() throws {
        let call = try #require(try calls(.meta, InboundMedia(id: "12/3")).first)
        #expect(call.url == "https://graph.facebook.com/v21.0/12%2F3?phone_number_id=77" && call.answer == .metaLink)
        #expect(call.headers["Authorization"] == "Bearer bearer")
        let place = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
        let business = Business(id: "shop", name: "Shop")
        let bytes = try next(#"{"url":"\#(place)","mime_type":"audio/ogg"}"#, after: call, business)
        #expect(bytes == MediaCall(url: place, headers: call.headers, mayBePrivate: false))
        for other in ["https://evil.example/x", "http://lookaside.fbsbx.com/x", "http://127.0.0.1/", ""] {
            #expect(try next(#"{"url":"\#(other)"}"#, after: call, business) == nil)
        }
        #expect(try next(#"{"error":{}}"#, after: call, business) == nil)
        #expect(try calls(.meta, InboundMedia(url: place)).isEmpty)
    }

    @Test func `Evolution's object store is asked without the key, then Evolution itself`() throws {
        let itself = MediaCall(
            url: "http://evolution:8080/chat/getBase64FromMediaMessage/shop", headers: ["apikey": "ek"],
            body: Array(#"{"message":{"key":{"id":"M1"}},"convertToMp4":false}"#.utf8), mayBePrivate: true,
            answer: .evolutionBase64)
        #expect(try calls(.evolution, InboundMedia()) == [itself])
        #expect(
            try calls(.evolution, InboundMedia(url: "https://s3.example/a?sig=1"))
                == [MediaCall(url: "https://s3.example/a?sig=1", mayBePrivate: false), itself])
        #expect(
            try calls(.evolution, InboundMedia(url: "http://minio:9000/a"))
                == [MediaCall(url: "http://minio:9000/a", mayBePrivate: true), itself])
    }

    @Test func `WAHA's own files are asked from WAHA as we reach it, others without the key`() throws {
        let again = MediaCall(
            url: "http://waha:3000/api/shop/chats/15550001111@c.us/messages/false_15550001111@c.us_AA"
                + "?downloadMedia=true",
            headers: ["X-Api-Key": "wk"], mayBePrivate: true, answer: .wahaMessage)
        func calls(_ url: String?) throws -> [MediaCall] {
            try self.calls(.waha, InboundMedia(id: "false_15550001111@c.us_AA", url: url))
        }
        #expect(try calls(nil) == [again])
        for path in ["/api/files/AA.oga", "/api/files/shop/AA.oga"] {
            let file = MediaCall(url: "http://waha:3000" + path, headers: again.headers, mayBePrivate: true)
            #expect(try calls("http://localhost:3000" + path) == [file, again])
        }
        for path in [
            "/api/files/other/AA.oga", "/api/files/../sessions", "/api/files/shop/../other/AA", "/api/files/a%2Fb",
            "/api/files/shop/AA.oga?x=1", "/api/files//AA", "/api/files/",
        ] { #expect(try calls("http://localhost:3000" + path) == [again]) }
        #expect(
            try calls("https://s3.example/a?sig=1")
                == [MediaCall(url: "https://s3.example/a?sig=1", mayBePrivate: false), again])
        let business = Business(id: "shop", name: "Shop")
        let told = try next(#"{"media":{"url":"http://localhost:3000/api/files/B.oga"}}"#, after: again, business)
        #expect(told?.url == "http://waha:3000/api/files/B.oga" && told?.headers == again.headers)
        #expect(try next(#"{"media":null}"#, after: again, business) == nil)
    }

    @Test func `a provider that is closed is not asked`() throws {
        let closed = ["TWILIO_AUTH_TOKEN": "", "META_ACCESS_TOKEN": "", "EVOLUTION_URL": "", "WAHA_API_KEY": ""]
        for provider in [ProviderName.twilio, .meta, .evolution, .waha] {
            #expect(try calls(provider, InboundMedia(id: "1", url: "https://api.twilio.com/x"), closed).isEmpty)
        }
    }
}
