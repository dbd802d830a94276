/// The command line cannot be understood.
struct UsageError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// EX_USAGE of sysexits.h.
    static let exitStatus: Int32 = 64
}
