/// Where `up` keeps what outlives it, and the names of all that is in there. Nothing here touches the disk.
struct DataFolder: Equatable {
    let path: String

    /// The folder that was asked for, else `REJOINDER_DATA`, else the place that systems have for it.
    ///
    /// - Returns: nil when there is no home to put it in.
    static func choose(asked: String?, environment: [String: String], isRoot: Bool, current: String) -> DataFolder? {
        func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let path = asked ?? set("REJOINDER_DATA") { return DataFolder(path: absolute(path, current)) }
        if isRoot { return DataFolder(path: "/var/lib/rejoinder") }
        if let base = set("XDG_DATA_HOME"), base.hasPrefix("/") { return DataFolder(path: base + "/rejoinder") }
        return set("HOME").map { DataFolder(path: $0 + "/.local/share/rejoinder") }
    }

    private static func absolute(_ path: String, _ current: String) -> String {
        var path = path.hasPrefix("/") ? path : current + "/" + path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }

    var lock: String { path + "/lock" }
    /// Internal secret, mode 0600.
    var secret: String { path + "/secret" }
    /// What runs now and where. For `chat` and the operator's commands.
    var runFile: String { path + "/run.json" }
    /// The processes that the present or last run started.
    var processes: String { path + "/processes.json" }
    var redis: String { path + "/redis" }
    var postgres: String { path + "/postgres" }
    /// A database that is being made. It becomes `postgres` when it is whole.
    var unfinishedPostgres: String { path + "/postgres.unfinished" }
    var logs: String { path + "/logs" }

    func log(_ part: String) -> String { "\(logs)/\(part).log" }
}
