/// A lease as its holder remembers it, live or long lost.
struct Handle: Hashable, Sendable {
    let group: String
    let token: String
    let job: ModelJob
}
