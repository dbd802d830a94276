/// An id that must not be taken for another kind of id.
package protocol Identifier: RawRepresentable<String>, Hashable, Sendable, Codable, CustomStringConvertible {
    init(rawValue: String)
}

extension Identifier {
    package init(_ rawValue: String) { self.init(rawValue: rawValue) }
    package var description: String { rawValue }
}

/// A unit of work. Not reused. No `|`.
package struct JobID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A business. No `|`.
package struct TenantID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// What a tenant and one contact say to each other: the contact's address. Unique within a tenant only.
package struct ConversationID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A worker process. Not reused after a restart, or a message meant for the dead one would wake its successor.
package struct WorkerID: Identifier {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
