import FoundationEssentials

/// Where programs of others are found. Looks at the disk, changes nothing.
struct Programs {
    let searchPath: [String]
    var isExecutable: (String) -> Bool = { FileManager.default.isExecutableFile(atPath: $0) }
    var entries: (String) -> [String] = { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }

    init(environment: [String: String]) {
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        searchPath = path.split(separator: ":").map(String.init)
    }

    /// The program's path, or nil.
    func find(_ name: String) -> String? {
        searchPath.map { $0 + "/" + name }.first(where: isExecutable)
    }

    /// The folder of Postgres's programs: of Debian's versions the one that is asked for or else the newest, then `PATH`.
    ///
    /// - Parameter version: the major version that made the data, such as `15`; another one cannot read them.
    func postgresFolder(version: String?) -> String? {
        let base = "/usr/lib/postgresql"
        let versions = version.map { [$0] } ?? entries(base).filter { Int($0) != nil }.sorted { Int($0)! > Int($1)! }
        if let found = versions.map({ "\(base)/\($0)/bin" }).first(where: { isExecutable($0 + "/postgres") }) {
            return found
        }
        return searchPath.first { isExecutable($0 + "/postgres") && isExecutable($0 + "/initdb") }
    }
}
