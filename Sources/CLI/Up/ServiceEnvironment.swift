import Native

/// The environment of the API, the workers and the scheduler: the user's own, and what `up` knows better. A plain value.
struct ServiceEnvironment: Equatable {
    /// The user's environment.
    var base: [String: String]
    var redisURL: String
    var databaseURL: String
    var internalSecret: String
    var apiPort: Int
    /// nil when real providers are used.
    var simulatorPort: Int?

    var simulatorURL: String? { simulatorPort.map { "http://127.0.0.1:\($0)" } }

    /// The business of the simulator mode.
    static let business = "business_1"
    /// What the simulator takes as Twilio's password, and as the keys of Evolution and WAHA; it proves their webhooks, too.
    /// It follows from the secret: the API is open to the network, and the AI behind it may be a real one.
    var simulatedToken: String {
        Hex.encode(Digest.sha256.hash(Array("simulator|\(internalSecret)".utf8)).prefix(16))
    }

    /// Whether nothing in `environment` names a real provider, so that the simulator stands in for all of them.
    static func wantsSimulator(_ environment: [String: String]) -> Bool {
        !environment.contains { name, value in
            !value.isEmpty
                && (name == "BAILEYS_URL" || name == "BAILEYS_URL_FILE" || name.hasPrefix("TWILIO_")
                    || name.hasPrefix("META_") || name.hasPrefix("EVOLUTION_") || name.hasPrefix("WAHA_"))
        }
    }

    /// Whether `up` makes the business that messages go to. A database that the user brought is left as it is, unless
    /// the user named a business or the simulator needs one.
    var makesBusiness: Bool {
        func isSet(_ name: String) -> Bool { ["", "_FILE"].contains { base[name + $0].map { !$0.isEmpty } ?? false } }
        return simulatorURL != nil || !isSet("DATABASE_URL") || isSet("DEFAULT_BUSINESS")
    }

    /// For one part. What the user set is kept, but for what `up` has taken in hand.
    ///
    /// - Parameter metricsPort: nil for the API, which shows its metrics on its own port.
    func variables(metricsPort: Int?) -> [String: String] {
        var variables = base
        func fill(_ name: String, _ value: String) {
            let isSet = base[name].map { !$0.isEmpty } ?? false || base[name + "_FILE"].map { !$0.isEmpty } ?? false
            if !isSet { variables[name] = value }
        }
        // In use also when they were set: they are the user's own then.
        variables["REDIS_URL"] = redisURL
        variables["DATABASE_URL"] = databaseURL
        variables["INTERNAL_SECRET"] = internalSecret
        variables["API_PORT"] = "\(apiPort)"
        if let metricsPort { variables["METRICS_PORT"] = "\(metricsPort)" }
        // The logs are files here; the terminal has its own lines.
        fill("LOG_FORMAT", "json")
        if makesBusiness { fill("DEFAULT_BUSINESS", Self.business) }
        guard let simulatorURL else { return variables }
        fill("PUBLIC_URL", "http://127.0.0.1:\(apiPort)")
        fill("BAILEYS_URL", simulatorURL)
        fill("TWILIO_URL", simulatorURL)
        fill("TWILIO_ACCOUNT_SID", "AC00000000000000000000000000000000")
        fill("TWILIO_AUTH_TOKEN", simulatedToken)
        fill("TWILIO_FROM", "whatsapp:+15550000000")
        for gateway in ["EVOLUTION", "WAHA"] {
            fill(gateway + "_URL", simulatorURL)
            fill(gateway + "_API_KEY", simulatedToken)
            fill(gateway + "_WEBHOOK_SECRET", simulatedToken)
        }
        if (base["AI_URL"] ?? "").isEmpty, (base["AI_URL_FILE"] ?? "").isEmpty {
            variables["AI_URL"] = simulatorURL + "/v1"
            fill("AI_API_KEY", "simulator")
        }
        fill("OUTBOUND_ALLOW_HOSTS", "127.0.0.1,localhost")
        return variables
    }
}
