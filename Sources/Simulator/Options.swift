/// What command line and environment say; the command line wins. Durations in milliseconds.
struct Options: Sendable {
    struct Fault: Error { let reason: String }

    var host = "127.0.0.1"
    var port = 3300
    /// Messages the witness remembers. 1 and up.
    var remembered = 1_000_000
    var latencyMS: [Service: Int] = [:]
    var modes: [Service: FaultMode] = [:]
    /// Nil: the gateway's calls need no proof.
    var internalSecret: String?
    /// Nil: any password will do.
    var twilioToken: String?
    /// Nil: any key will do.
    var evolutionKey: String?
    var wahaKey: String?
    var wantsHelp = false

    /// - Throws: the first thing that is wrong.
    init(arguments: [String], environment: [String: String]) throws(Fault) {
        internalSecret = environment["INTERNAL_SECRET"].flatMap { $0.isEmpty ? nil : $0 }
        twilioToken = environment["TWILIO_AUTH_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        evolutionKey = environment["EVOLUTION_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        wahaKey = environment["WAHA_API_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        // In a fixed order, so that of two faults always the same one is told.
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("SIMULATOR_") {
            let word =
                "--" + name.dropFirst("SIMULATOR_".count).lowercased().split(separator: "_").joined(separator: "-")
            do { try take(word, value) } catch { throw Fault(reason: "\(name): \(error.reason)") }
        }
        var words = arguments[...]
        while let word = words.popFirst() {
            if word == "--help" || word == "-h" {
                wantsHelp = true
                continue
            }
            guard let value = words.popFirst() else { throw Fault(reason: "\(word) needs a value") }
            try take(word, value)
        }
    }

    private mutating func take(_ word: String, _ value: String) throws(Fault) {
        switch word {
        case "--host": host = value
        case "--port": port = try Self.number(word, value, in: 0...65535)
        case "--remember": remembered = try Self.number(word, value, in: 1...100_000_000)
        default:
            for service in Service.allCases {
                if word == "--\(service.rawValue)-latency-ms" {
                    latencyMS[service] = try Self.number(word, value, in: 0...600_000)
                    return
                }
                if word == "--\(service.rawValue)-mode" {
                    guard let mode = FaultMode(rawValue: value), mode.isKnown(to: service) else {
                        throw Fault(reason: "\(word) is one of \(FaultMode.names(of: service))")
                    }
                    modes[service] = mode
                    return
                }
            }
            throw Fault(reason: "\(word) is no option")
        }
    }

    private static func number(_ word: String, _ value: String, in range: ClosedRange<Int>) throws(Fault) -> Int {
        guard let number = Int(value), range.contains(number) else {
            throw Fault(reason: "\(word) is a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    static var help: String {
        """
        rejoinder-simulator: stands in for the Baileys gateway, Twilio, Meta, Evolution API, WAHA and an
        OpenAI-compatible AI, and remembers every text that was delivered.

          --host ADDRESS                where to listen (127.0.0.1)
          --port NUMBER                 3300; 0 takes any free port, which the ready line on standard output names
          --remember NUMBER             delivered texts that are remembered (1000000)
        \(Service.allCases.map(help).joined(separator: "\n"))

        Each of these can be given as a variable too: SIMULATOR_PORT, SIMULATOR_AI_LATENCY_MS, and so on.
        INTERNAL_SECRET, if set, is what the gateway's calls must prove themselves by; TWILIO_AUTH_TOKEN, if set, is
        the password of Twilio's; EVOLUTION_API_KEY and WAHA_API_KEY, if set, are the keys of those.

          GET    /simulator/messages?contact=&after=SEQ&wait_ms=   delivered texts; waits up to 60 s for one
          DELETE /simulator/messages                               forgets them
          PUT    /simulator/media/MESSAGE-ID                       the body is what came with that message: the
                                                                   gateway's media. OggS and words: a voice that says them
          PUT    /simulator/meta-webhook {"url":"...","secret":"..."}   where Meta's statuses go, signed
          GET    /simulator/stats                                  calls, deliveries and repeated ids per provider
          POST   /simulator/faults   {"gateway":{"mode":"hang","latency_ms":50,"count":3},"ai":{...}}
          DELETE /simulator/faults                                 back to the options above; calls that hang are closed

        count is how many calls a fault applies to; without it, all until changed. A fault of the gateway applies to
        sends (cannot_send to status too), with "calls":"all" to every call; so does one of evolution and waha. With
        "tenant":"b1" a fault of the gateway applies to that business only.

        """
    }

    private static func help(of service: Service) -> String {
        let latency = line(
            "--\(service.rawValue)-latency-ms NUMBER",
            service == .ai ? "before each answer (0)" : "before each send (0)")
        return latency + "\n" + line("--\(service.rawValue)-mode MODE", FaultMode.names(of: service))
    }

    private static func line(_ option: String, _ meaning: String) -> String {
        "  " + option + String(repeating: " ", count: max(30 - option.count, 1)) + meaning
    }
}
