import Shared

/// What `rejoinder tools` was asked to do.
struct ToolsOptions: Equatable {
    enum Action: Equatable {
        case list
        case add(ToolDeclaration)
        case remove(String)
        case enable(String)
        case disable(String)
        case test(String, arguments: String)
    }

    var action: Action
    var business: String
    var isJSON = false
    var data: String?

    init(_ action: Action, business: String) {
        self.action = action
        self.business = business
    }

    init(_ words: some Collection<String>) throws(UsageError) {
        let command = words.first ?? ""
        let valued: [String: Set<String>] = [
            "list": [], "add": ToolDeclaration.names, "remove": [], "enable": [], "disable": [], "test": ["arguments"],
        ]
        guard let own = valued[command] else {
            throw UsageError("tools is followed by list, add, remove, enable, disable or test")
        }
        let options = try Options(
            words.dropFirst(), valued: own.union(["business", "data"]), flags: ["json"], takesWords: command != "list")
        guard let business = try options.business() else { throw UsageError("tools \(command) needs --business ID") }
        guard command == "list" || options.words.count == 1 else {
            throw UsageError("tools \(command) needs the name of one tool")
        }
        let name = options.words.first ?? ""
        switch command {
        case "list": action = .list
        case "add": action = .add(try ToolDeclaration(name, options))
        case "remove": action = .remove(name)
        case "enable": action = .enable(name)
        case "disable": action = .disable(name)
        default: action = .test(name, arguments: options["arguments"] ?? "{}")
        }
        self.business = business
        isJSON = options.has("json")
        data = options["data"]
    }
}
