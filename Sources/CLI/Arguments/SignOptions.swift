import Shared

/// Which sample requests `rejoinder sign` makes.
struct SignOptions: Equatable {
    enum Kind: String, CaseIterable { case message, status, verify }

    /// nil: all that are open.
    var sender: ProviderName?
    var business: String?
    /// Where the API is, without a slash at its end.
    var url: String?
    /// Digits.
    var contact = "15550001111"
    var text = "Hello! This is a test."
    var kind = Kind.message
    var isMasked = false
    var isJSON = false
    var data: String?

    init() {}

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(
            words, valued: ["business", "url", "from", "text", "kind", "data"], flags: ["json", "mask"],
            takesWords: true)
        if let word = options.words.first, word != "all" {
            guard let sender = ProviderName(rawValue: word) else {
                let names = ProviderName.allCases.map(\.rawValue).joined(separator: ", ")
                throw UsageError("sign knows \(names) and all, not “\(word)”")
            }
            self.sender = sender
        }
        if options.words.count > 1 { throw UsageError("sign takes one sender, or all") }
        business = options["business"]
        if let business, !TenantName.isValid(business) { throw UsageError("--business is \(TenantName.rule)") }
        if let url = options["url"] {
            guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
                throw UsageError("--url begins with http:// or https://, not “\(url)”")
            }
            self.url = url.withoutTrailingSlashes
        }
        if let from = options["from"] {
            let digits = from.hasPrefix("+") ? String(from.dropFirst()) : from
            guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), (5...20).contains(digits.utf8.count) else {
                throw UsageError("--from is a phone number of 5 to 20 digits, not “\(from)”")
            }
            contact = digits
        }
        text = options["text"] ?? text
        if let word = options["kind"] {
            guard let kind = Kind(rawValue: word) else {
                throw UsageError("--kind is message, status or verify, not “\(word)”")
            }
            self.kind = kind
        }
        if kind == .verify, let sender, sender != .meta {
            throw UsageError("only Meta verifies a URL: rejoinder sign meta --kind verify")
        }
        isMasked = options.has("mask")
        isJSON = options.has("json")
        data = options["data"]
    }

    /// In the order in which they are made.
    var senders: [ProviderName] { sender.map { [$0] } ?? (kind == .verify ? [.meta] : ProviderName.allCases) }
}
