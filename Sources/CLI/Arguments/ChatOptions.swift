/// Whom `rejoinder chat` plays, and with what.
struct ChatOptions: Equatable {
    var contact = "15550001111"
    /// nil: the one that `up` runs with.
    var business: String?
    var api: String?
    var simulator: String?
    var data: String?
    /// One message in place of the input's lines.
    var once: String?
    /// How long a reply is waited for, seconds, where each message waits for its own.
    var timeoutSeconds = 90

    init() {}

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(
            words, valued: ["contact", "business", "api", "simulator", "data", "once", "timeout"])
        contact = options["contact"] ?? contact
        guard contact.utf8.allSatisfy({ (0x30...0x39).contains($0) }), (5...20).contains(contact.utf8.count) else {
            throw UsageError("--contact is a phone number of 5 to 20 digits, not “\(contact)”")
        }
        business = options["business"]
        api = try Self.url(options, "api")
        simulator = try Self.url(options, "simulator")
        data = options["data"]
        once = options["once"]
        timeoutSeconds = try options.int("timeout", in: 1...3600, default: timeoutSeconds)
    }

    /// Without a slash at its end.
    private static func url(_ options: Options, _ name: String) throws(UsageError) -> String? {
        guard let url = options[name] else { return nil }
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw UsageError("--\(name) begins with http:// or https://, not “\(url)”")
        }
        return url.withoutTrailingSlashes
    }
}
