/// error: someone must look. warning: it becomes an error if it goes on. info: a fact an operator follows.
/// debug: per request, and the only level at which a message's text may appear.
package enum LogLevel: String, Sendable, CaseIterable, Comparable {
    case debug, info, warning, error

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}
