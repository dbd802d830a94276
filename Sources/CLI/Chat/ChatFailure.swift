/// Why `chat` cannot go on. Told to the user as it is.
struct ChatFailure: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
