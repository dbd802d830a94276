/// Why `up` could not start. Told to the user as it is.
struct UpFailure: Error, Equatable, CustomStringConvertible {
    let description: String
    /// What to exit with.
    let status: Int32
    /// The part whose log may say more.
    let part: String?

    init(_ description: String, status: Int32 = 1, part: String? = nil) {
        self.description = description
        self.status = status
        self.part = part
    }
}
