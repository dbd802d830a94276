import Native

/// Why an operator's command cannot go on. Told to the user as it is; the command exits with 1 unless `status` says
/// otherwise.
struct OperateFailure: Error, Equatable, CustomStringConvertible {
    let description: String
    var status: Int32 = 1

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        self.status = status
    }

    /// What was asked for is wrong in itself.
    static func usage(_ description: String) -> OperateFailure {
        OperateFailure(description, status: UsageError.exitStatus)
    }

    /// Tells the user. Returns the status to exit with.
    func tell() -> Int32 {
        StandardStream.error.write("rejoinder: \(description)\n")
        return status
    }

    /// Tells the user why a command ends with 1.
    static func tell(_ description: String) -> Int32 { OperateFailure(description).tell() }
}
