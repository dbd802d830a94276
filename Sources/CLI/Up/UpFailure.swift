/// Why `up` could not start. Told to the user as it is.
struct UpFailure: Error, Equatable, CustomStringConvertible {
    let description: String
    var status: Int32 = 1

    init(_ description: String, status: Int32 = 1) {
        self.description = description
        self.status = status
    }
}
