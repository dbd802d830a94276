/// Options of `rejoinder bench-claim`.
struct BenchClaimOptions: Equatable {
    /// Jobs to claim before it ends.
    let count: Int
    /// How long they may take altogether, seconds.
    let timeoutSeconds: Int

    init(_ words: some Sequence<String>) throws(UsageError) {
        let options = try Options(words, valued: ["count", "timeout"])
        count = try options.int("count", in: 1...10_000_000, default: 1000)
        timeoutSeconds = try options.int("timeout", in: 1...3600, default: 60)
    }
}
