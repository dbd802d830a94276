/// Options of `rejoinder bench-enqueue`.
struct BenchOptions: Equatable {
    /// Jobs to enqueue.
    let count: Int
    /// Conversations they belong to, in turn.
    let conversations: Int

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(words, valued: ["count", "conversations"])
        count = try options.int("count", in: 1...10_000_000, default: 10_000)
        conversations = try options.int("conversations", in: 1...10_000_000, default: 1000)
    }
}
