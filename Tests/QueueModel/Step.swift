/// One step of a schedule: what is done, and raw numbers out of which the state at that moment makes the particulars.
///
/// So a step means something in every state, and any part of a schedule is a schedule too.
struct Step: Hashable, Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case enqueue, enqueueAgain, claim, claimSuspects, goFull
        case ack, retryLater, release, failToDead, checkpoint, read, merge, heartbeat, stale
        case reap, promote, runOut, comeDue, beAway, endGrace
        case pause, resume, replay, audit, damage, look, forgetScripts, turnClockBack

        /// How often, beside the others.
        var weight: Int {
            switch self {
            case .enqueue: 26
            case .ack: 20
            case .claim: 18
            case .reap, .runOut, .claimSuspects: 8
            case .stale, .retryLater: 6
            case .enqueueAgain, .checkpoint, .merge, .heartbeat, .promote, .endGrace: 4
            case .release, .failToDead, .comeDue, .resume, .replay: 3
            case .goFull, .read, .pause, .audit, .damage, .look: 2
            case .beAway, .forgetScripts, .turnClockBack: 1
            }
        }
    }

    let kind: Kind
    /// 0..<10,000 each.
    let numbers: [Int]

    /// The number in its place, as a choice among `count`.
    subscript(place: Int, of count: Int) -> Int { numbers[place] % count }

    /// How far a name is from the first number: any order, and always the same.
    func distance(to name: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ UInt64(numbers[0])
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash ^ (hash >> 29)
    }

    /// Whether the number in its place falls into that part of a hundred.
    func chance(_ place: Int, _ percent: Int) -> Bool { numbers[place] / 100 < percent }

    static func random(_ kind: Kind, _ random: inout some RandomNumberGenerator) -> Step {
        Step(kind: kind, numbers: (0..<6).map { _ in Int.random(in: 0..<10_000, using: &random) })
    }
}
