internal import CLibPQ

/// libpq's own reading of connection strings and of the `PG…` environment.
enum PostgresSettings {
    /// The settings that `url` names, not the defaults.
    static func parse(_ url: String) throws(PostgresAddress.Fault) -> [String: String] {
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(url, &complaint) else {
            defer { unsafe PQfreemem(complaint) }
            let words = unsafe complaint.map { unsafe String(cString: $0) } ?? "out of memory"
            throw PostgresAddress.Fault(description: withoutQuotes(words))
        }
        defer { unsafe PQconninfoFree(options) }
        return unsafe values(options)
    }

    /// What libpq uses where a connection string is silent.
    static func defaults() -> [String: String] {
        guard let options = unsafe PQconndefaults() else { return [:] }
        defer { unsafe PQconninfoFree(options) }
        return unsafe values(options)
    }

    private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var values: [String: String] = [:]
        var next = unsafe options
        // The list ends with an entry without a keyword.
        while let keyword = unsafe next.pointee.keyword {
            if let value = unsafe next.pointee.val { unsafe values[String(cString: keyword)] = String(cString: value) }
            unsafe next += 1
        }
        return values
    }

    /// libpq quotes what it could not read, which may be the password.
    private static func withoutQuotes(_ words: String) -> String {
        var parts = words.split(separator: "\"", omittingEmptySubsequences: false)
        // Also when the quotation holds a quotation mark: everything from the first one to the last is left out.
        if parts.count > 2 { parts.replaceSubrange(1..<(parts.count - 1), with: ["•••"]) }
        return parts.joined(separator: "\"").split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}
