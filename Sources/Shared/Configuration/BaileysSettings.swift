package struct BaileysSettings: Sendable {
    /// Without a slash at its end.
    package let url: String
    package let timeout: Duration
    package let attempts: Int

    init(_ reader: inout EnvironmentReader) {
        url =
            reader.url(
                "BAILEYS_URL", default: "http://127.0.0.1:3300", schemes: ["http", "https"],
                example: "http://baileys:3300", "the Baileys gateway")!.withoutTrailingSlashes
        timeout = reader.seconds("BAILEYS_TIMEOUT_SECONDS", default: 15, in: 1...300, "time limit of one send")
        attempts = reader.int(
            "BAILEYS_ATTEMPTS", default: 2, in: 1...5, "sends tried; a further one only after a timeout")
    }
}
