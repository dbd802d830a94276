import Native

/// A circuit as others read it.
extension Circuit {
    /// Empty for a closed one that remembers nothing; else numbers, times in milliseconds.
    package var text: String {
        guard self != Circuit() else { return "" }
        let numbers = [Int(outcomes), outcomeCount, failuresInRow, openings].map(String.init)
        return (numbers + [openUntil, probeUntil].map { $0.map { String($0.milliseconds) } ?? "-" })
            .joined(separator: " ")
    }

    /// nil when the text is not one that `text` made.
    package init?(text: String) {
        self.init()
        if text.isEmpty { return }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        let numbers = words.prefix(4).compactMap { Int($0) }
        guard words.count == 6, numbers.count == 4, (0...Self.memory).contains(numbers[1]),
            (0..<1 << Self.memory).contains(numbers[0]), numbers[2] >= 0, numbers[3] >= 0
        else { return nil }
        let times = words.suffix(2).map { $0 == "-" ? .some(nil) : Int($0).map { Duration?.some(.milliseconds($0)) } }
        guard let openUntil = times[0], let probeUntil = times[1] else { return nil }
        (outcomes, outcomeCount) = (UInt32(numbers[0]), numbers[1])
        (failuresInRow, openings) = (numbers[2], numbers[3])
        (self.openUntil, self.probeUntil) = (openUntil, probeUntil)
    }
}
