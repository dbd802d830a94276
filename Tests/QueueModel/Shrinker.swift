/// Makes a list that fails shorter for as long as it fails: takes out ever smaller pieces, down to single elements.
///
/// No I/O: it proposes, whoever uses it tries and reports.
struct Shrinker<Element> {
    /// The shortest list known to fail.
    private(set) var best: [Element]
    private var size: Int
    private var start: Int
    private var hasShrunk = false

    /// - Parameter failing: known to fail.
    init(_ failing: [Element]) {
        best = failing
        size = max(1, failing.count / 2)
        // From the end: what comes after the failure matters least.
        start = max(0, failing.count - size)
    }

    /// What to try next; nil when no single element can be spared.
    func proposal() -> [Element]? {
        if size == 0 || best.isEmpty { return nil }
        return Array(best[..<start] + best[min(start + size, best.count)...])
    }

    /// - Parameter fails: whether the proposal fails as the whole did.
    mutating func report(fails: Bool) {
        if fails, let shorter = proposal() {
            best = shorter
            hasShrunk = true
        }
        if start > 0 {
            start = max(0, start - size)
            return
        }
        // Once through. Single elements are tried again until none can be spared.
        if size > 1 { size /= 2 } else if !hasShrunk { size = 0 }
        hasShrunk = false
        start = max(0, best.count - size)
    }
}
