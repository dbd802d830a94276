/// Why an operator's command cannot go on. Told to the user as it is; the command exits with 1 unless `status` says
/// otherwise.
struct OperateFailure: Error, Equatable, CustomStringConvertible {
    let description: String
    var status: Int32 = 1

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        self.status = status
    }
}
