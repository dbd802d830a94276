import Native
import Shared

/// The server and what it stands in for, put together.
@LoopActor final class Simulator {
    private let options: Options
    private let desk: Desk
    private let routes: [Route]
    private let log = Log(level: .info)

    init(_ options: Options) {
        self.options = options
        let desk = Desk(options)
        self.desk = desk
        let gateway = Gateway(desk, secret: options.internalSecret, remembered: options.remembered)
        let twilio = Twilio(desk, token: options.twilioToken)
        let twilioSenders = TwilioSenders()
        let metaStatuses = MetaStatuses()
        let meta = Meta(desk, metaStatuses)
        let evolution = Evolution(desk, key: options.evolutionKey)
        let waha = WAHA(desk, key: options.wahaKey)
        let ai = LanguageModel(desk)
        let speech = SpeechModel(desk)
        let admin = Admin(desk)
        routes = [
            Route("POST", "/whatsapp/:tenant/send", gateway.send),
            Route("GET", "/whatsapp/:tenant/messages/:id", gateway.message),
            Route("GET", "/whatsapp/:tenant/status", gateway.status),
            Route("GET", "/whatsapp/:tenant/sending-status", gateway.sendingStatus),
            Route("POST", "/whatsapp/:tenant/restart", gateway.restart),
            Route("POST", "/whatsapp/:tenant/start", gateway.start),
            Route("GET", "/whatsapp/:tenant/qr", gateway.qr),
            Route("POST", "/whatsapp/:tenant/logout", gateway.logout),
            Route("POST", "/whatsapp/:tenant/typing", gateway.typing),
            Route("POST", "/whatsapp/:tenant/read", gateway.read),
            Route("GET", "/whatsapp/:tenant/media/:id", gateway.media),

            Route("POST", "/2010-04-01/Accounts/:account/Messages.json", twilio.send),
            Route("GET", "/2010-04-01/Accounts/:account/Messages.json", twilio.list),
            Route("GET", "/2010-04-01/Accounts/:account/Messages/:message", twilio.message),
            Route("GET", "/2010-04-01/Accounts/:account/IncomingPhoneNumbers.json", twilioSenders.phones),
            Route("POST", "/v2/Indicators/Typing.json", twilio.typing),
            Route("POST", "/v2/Channels/Senders", twilioSenders.create),
            Route("GET", "/v2/Channels/Senders", twilioSenders.list),

            Route("POST", "/v1/chat/completions", ai.complete),
            Route("POST", "/v1/audio/transcriptions", speech.transcribe),
            Route("GET", "/v1/models", ai.models),

            Route("POST", "/:version/:number/messages", meta.send),

            Route("POST", "/message/sendText/:instance", evolution.send),
            Route("GET", "/instance/connectionState/:instance", evolution.state),
            Route("POST", "/chat/findMessages/:instance", evolution.find),
            Route("POST", "/chat/markMessageAsRead/:instance", evolution.read),
            Route("POST", "/chat/sendPresence/:instance", evolution.typing),

            Route("POST", "/api/sendText", waha.send),
            Route("POST", "/api/sendSeen", waha.seen),
            Route("POST", "/api/startTyping", waha.typing),
            Route("GET", "/api/sessions/:session", waha.session),
            Route("GET", "/api/:session/chats/:chat/messages", waha.messages),
            Route("GET", "/api/:session/chats/:chat/messages/:message", waha.message),

            Route("GET", "/simulator/messages", admin.messages),
            Route("DELETE", "/simulator/messages", admin.forgetMessages),
            Route("GET", "/simulator/marks", admin.marks),
            Route("PUT", "/simulator/media/:id", admin.putMedia),
            Route("GET", "/simulator/stats", admin.statistics),
            Route("PUT", "/simulator/meta-webhook", metaStatuses.set),
            Route("POST", "/simulator/faults", admin.setFaults),
            Route("DELETE", "/simulator/faults", admin.resetFaults),
            Route("GET", "/health/live", admin.health),
            Route("GET", "/health/ready", admin.health),
        ]
    }

    /// - Returns: the status the process ends with.
    func run(until shutdown: Shutdown) async -> Int32 {
        var limits = HTTPServerLimits()
        limits.connections = 65_536
        limits.requestsInFlight = 65_536
        // A picture comes to the AI as text in a request.
        limits.bodyBytes = 32 << 20
        let server = HTTPServer(endpoint: .tcp(host: options.host, port: options.port), limits: limits) { [self] in
            await answer($0)
        }
        do {
            try server.start()
        } catch {
            log.error(.internalError, "The simulator cannot listen", [.error: "\(error)"])
            log.flush()
            return 1
        }
        log.info(.processStarted, "Simulator started", [.address: .text(options.host), .port: .int(server.port)])
        log.flush()
        StandardStream.output.write("rejoinder-simulator ready on http://\(options.host):\(server.port)\n")
        // Nobody cancels this task.
        try? await shutdown.wait()
        desk.faults.release()
        await server.drain(within: .seconds(2))
        log.info(.processStopped, "Simulator stopped")
        log.flush()
        return 0
    }

    private func answer(_ request: HTTPRequest) async -> HTTPResponse {
        let path = PathPattern.words(of: request.path)
        var allowed: [String] = []
        for route in routes {
            guard let words = route.pattern.match(path) else { continue }
            if route.method == request.method { return await route.handler(request, words) }
            allowed.append(route.method)
        }
        if allowed.isEmpty { return .failure(404, "not_found", "Nothing is here") }
        return .failure(
            405, "method_not_allowed", "Another method", headers: [("Allow", allowed.joined(separator: ", "))])
    }
}
