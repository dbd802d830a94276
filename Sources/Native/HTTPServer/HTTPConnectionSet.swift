/// A server's connections, and which of them to close when there are too many.
@LoopActor struct HTTPConnectionSet: Sendable {
    private(set) var all: [HTTPConnection] = []

    var count: Int { all.count }
    var isEmpty: Bool { all.isEmpty }

    mutating func insert(_ connection: HTTPConnection) {
        connection.place = all.count
        all.append(connection)
    }

    mutating func remove(_ connection: HTTPConnection) {
        let last = all.removeLast()
        guard last !== connection else { return }
        all[connection.place] = last
        last.place = connection.place
    }

    mutating func removeAll() { all = [] }

    /// The most expendable of a few taken at random, the longest in its phase of those; nil when all of them are being
    /// answered. Looking at all would let a storm of connections cost the square of its size; and among many slow ones a
    /// healthy one, which is through within milliseconds, is next to never the oldest.
    func expendable(
        besides newcomer: HTTPConnection, using random: inout some RandomNumberGenerator
    ) -> HTTPConnection? {
        let sample =
            all.count <= Self.sampleSize ? all : (0..<Self.sampleSize).map { _ in all.randomElement(using: &random)! }
        let candidates = sample.filter { $0 !== newcomer && $0.expendability != nil }
        return candidates.max { a, b in
            (a.expendability ?? 0, b.since.nanoseconds) < (b.expendability ?? 0, a.since.nanoseconds)
        }
    }

    /// The one whose body has been arriving longest.
    func slowestBody(besides connection: HTTPConnection) -> HTTPConnection? {
        all.lazy.filter { $0 !== connection && $0.isReceiving && !($0.exchange?.body.isEmpty ?? true) }
            .min { $0.since < $1.since }
    }

    private static let sampleSize = 16
}
