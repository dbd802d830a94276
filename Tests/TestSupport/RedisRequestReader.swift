/// Reads what a client says to Redis, as it comes: arrays of bulk strings (RESP).
package struct RedisRequestReader {
    private var rest: [UInt8] = []

    package init() {}

    /// The requests that end in these bytes, each as its words.
    package mutating func take(_ bytes: [UInt8]) -> [[String]] {
        rest += bytes
        var requests: [[String]] = [], start = 0
        while let (words, end) = request(from: start) {
            requests.append(words)
            start = end
        }
        rest.removeFirst(start)
        return requests
    }

    /// nil when it has not come to its end yet.
    private func request(from start: Int) -> (words: [String], end: Int)? {
        guard var (count, place) = number(after: "*", at: start) else { return nil }
        var words: [String] = []
        while count > 0 {
            guard let (length, begin) = number(after: "$", at: place), begin + length + 2 <= rest.count else {
                return nil
            }
            words.append(String(decoding: rest[begin..<begin + length], as: UTF8.self))
            place = begin + length + 2
            count -= 1
        }
        return (words, place)
    }

    /// The number of a line, and where the next one begins.
    private func number(after mark: Character, at start: Int) -> (number: Int, next: Int)? {
        guard start < rest.count, let end = rest[start...].firstIndex(of: 13), end + 1 < rest.count else { return nil }
        let line = String(decoding: rest[start..<end], as: UTF8.self)
        guard line.first == mark, let number = Int(line.dropFirst()) else {
            preconditionFailure("no request to Redis begins with \(line.prefix(20))")
        }
        return (number, end + 2)
    }
}
