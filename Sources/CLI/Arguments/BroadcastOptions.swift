import Shared

/// What `rejoinder broadcast` was asked to do.
struct BroadcastOptions: Equatable {
    enum Recipients: Equatable {
        /// A file with one a line.
        case file(String)
        /// Who has a conversation with the business.
        case everybody
    }

    struct Draft: Equatable {
        var name: String
        var text: TextSource
        var recipients: Recipients
        var provider: ProviderName?
        /// nil: now.
        var start: TimeArgument?
        /// Nobody is asked whether it may go out.
        var isConfirmed: Bool
    }

    enum Action: Equatable {
        case create(Draft, business: String)
        /// nil: of all businesses.
        case list(business: String?, limit: Int)
        case show(Int, business: String)
        case cancel(Int, business: String)
    }

    var action: Action
    var isJSON = false
    var data: String?

    init(_ words: some Collection<String>) throws(UsageError) {
        let command = words.first ?? ""
        let valued: [String: Set<String>] = [
            "create": ["text", "text-file", "contacts", "provider", "at"], "list": ["limit"], "show": [], "cancel": [],
        ]
        let flags: Set<String> = command == "create" ? ["everybody", "yes", "json"] : ["json"]
        guard let own = valued[command] else {
            throw UsageError("broadcast is followed by create, list, show or cancel")
        }
        let options = try Options(
            words.dropFirst(), valued: own.union(["business", "data"]), flags: flags, takesWords: command != "list")
        isJSON = options.has("json")
        data = options["data"]
        let business = try options.business()
        if command == "list" {
            action = .list(business: business, limit: try options.int("limit", in: 1...10_000, default: 100))
            return
        }
        guard let business else { throw UsageError("broadcast \(command) needs --business ID") }
        guard let word = options.words.first, options.words.count == 1 else {
            throw UsageError(
                "broadcast \(command) needs \(command == "create" ? "a name" : "the number of one broadcast")")
        }
        if command == "create" {
            action = .create(try Draft(word, options), business: business)
            return
        }
        guard let id = Int(word), id > 0 else { throw UsageError("a broadcast has a number, not “\(word)”") }
        action = command == "show" ? .show(id, business: business) : .cancel(id, business: business)
    }
}

extension BroadcastOptions.Draft {
    fileprivate init(_ name: String, _ options: Options) throws(UsageError) {
        self.name = name
        guard let text = try options.source("text") else {
            throw UsageError("broadcast create needs either --text TEXT or --text-file FILE")
        }
        self.text = text
        switch (options["contacts"], options.has("everybody")) {
        case (let path?, false): recipients = .file(path)
        case (nil, true): recipients = .everybody
        default: throw UsageError("broadcast create needs either --contacts FILE or --everybody")
        }
        if let name = options["provider"] {
            guard let provider = ProviderName(rawValue: name) else {
                throw UsageError(
                    "there is no provider “\(name)”; they are "
                        + ProviderName.allCases.map(\.rawValue).joined(separator: ", "))
            }
            self.provider = provider
        }
        start = try options.time("at")
        if case .ago = start { throw UsageError("--at is a time to come, such as 2026-11-20T17:30Z") }
        isConfirmed = options.has("yes")
    }
}
