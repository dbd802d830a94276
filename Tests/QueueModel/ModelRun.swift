import Native

@testable import Shared

/// One schedule from an empty queue to an empty queue, on the model and on the real one, compared after every step.
@LoopActor struct ModelRun {
    /// What was done, for a person.
    struct Line: Sendable {
        let action: Action
        let answer: Answer
    }

    private var caller: Caller
    private let oracle: Oracle
    private var model: ModelQueue
    private var ledger = Ledger()
    private var turnRule = TurnRule()
    private var reading = Oracle.Reading()
    private(set) var lines: [Line] = []
    private(set) var isFinishing = false

    /// Empties the database.
    init(queue: RedisQueue, hasListeners: Bool) async throws {
        _ = try await queue.client.send(RedisCommand("FLUSHALL"))
        caller = Caller(queue: queue)
        oracle = Oracle(client: queue.client, keys: queue.keys(of: 0))
        model = ModelQueue(options: queue.options, listeners: hasListeners ? Set(Cast.listeners) : [])
        reading = try await oracle.read()
    }

    /// Wake-ups that listeners must have heard.
    var heard: [String: Int] { model.heard }

    mutating func make(_ step: Step) async throws {
        guard let action = model.action(of: step) else { return }
        try await make(action)
        // A reply that got lost: the caller sends the same again.
        if action.mayBeRepeated, step.chance(5, 20) { try await make(action) }
    }

    /// Runs everything to its end.
    mutating func finish() async throws {
        isFinishing = true
        for target in model.paused.sorted(by: { $0.member < $1.member }) { try await make(.resume(target)) }
        if model.isInGrace || model.wasAway {
            try await make(.reap(limit: 100))
            try await make(.endGrace)
        }
        var rounds = 0
        while !model.groups.isEmpty {
            rounds += 1
            guard rounds < 200 else { throw Violation(kind: .vanished, what: "this never ends:\n\(model.text)") }
            for group in model.dueOrder where model.delayed[group] == false { try await make(.comeDue(group)) }
            try await make(.reap(limit: 100))
            try await make(.promote(limit: 100))
            try await make(.claim(worker: "w1", ModelQueue.all(32), isSilent: false))
            try await make(.claimSuspects(worker: "w1", slots: 32, isSilent: false))
            for handle in model.live {
                try await make(.hold(.ack(count: 1, remember: [], following: []), handle))
            }
        }
        try ledger.close()
        let left = reading.text.split(separator: "\n").filter { !Self.lasting.contains($0.prefix { $0 != " " }) }
        guard left.isEmpty else { throw Violation(kind: .leftovers, what: left.joined(separator: "; ")) }
        try await checkSeen()
    }

    /// Memory, workers, remembered messages, the view of the dead.
    private static let lasting: Set<Substring> = ["h", "idle", "d", "dead"]

    // MARK: A step

    private mutating func make(_ action: Action) async throws {
        let before = reading
        let (answer, handles) = try await call(action)
        lines.append(Line(action: action, answer: answer))
        let expected = model.apply(action)
        if expected == answer { model.grant(handles) }
        try ledger.note(action, answer, handles: handles)
        if answer != expected { throw Self.wrong(answer, expected, action) }

        reading = try await oracle.read()
        guard reading.problems.isEmpty else {
            throw Violation(kind: .keys, what: "after \(action.verb): \(reading.problems)")
        }
        let text = model.text
        guard reading.text == text else {
            throw Violation(
                kind: .state, what: "after \(action.verb): \(Difference(redis: reading.text, model: text))")
        }
        model.arrange(leases: reading.leases, due: reading.due, idle: reading.idle)
        if text == before.text, !action.touchesTimes, reading != before {
            throw Violation(kind: .change, what: "\(action.verb), answered with \(answer), moved a time or a token")
        }
        // A repaired turn is the last one.
        if case .damage = action { turnRule = TurnRule() }
        try turnRule.note(answer.grants, turns: model.openTurns, withheld: answer.withheld)
        try model.checkWake()
    }

    private mutating func call(_ action: Action) async throws -> (Answer, [Handle]) {
        do throws(QueueError) { return try await caller.make(action) } catch {
            guard case .rejected(let reply) = error else { throw error }
            throw Violation(kind: .answer, what: "\(action.verb) failed: \(reply)")
        }
    }

    private static func wrong(_ answer: Answer, _ expected: Answer, _ action: Action) -> Violation {
        if expected == .leaseLost { return Violation(kind: .stale, what: "a stale \(action.verb) got \(answer)") }
        return Violation(kind: .answer, what: "\(action.verb) answered \(answer), not \(expected)")
    }

    /// Each message that was seen is remembered with its job.
    private func checkSeen() async throws {
        let keys = caller.queue.keys(of: 0)
        for (dedupe, job) in model.seen {
            let stored = try await caller.queue.client.send(RedisCommand("GET", keys.seen(dedupe))).text
            // As prelude.lua shortens it.
            guard stored == (dedupe == job ? "1" : "=" + job) else {
                throw Violation(kind: .state, what: "\(dedupe) is remembered as \(stored ?? "nothing"), not \(job)")
            }
        }
    }
}

extension Action {
    /// A second claim takes further groups; everything else may be sent twice.
    fileprivate var mayBeRepeated: Bool {
        switch self {
        case .claim, .claimSuspects, .runOut, .comeDue, .beAway, .endGrace, .damage, .forgetScripts, .turnClockBack:
            false
        default: true
        }
    }

    /// Whether it may set a time to what it was, or to now.
    fileprivate var touchesTimes: Bool {
        switch self {
        case .claim, .heartbeat, .hold(.held, _), .runOut, .comeDue, .damage, .turnClockBack: true
        default: false
        }
    }
}

extension Answer {
    fileprivate var grants: [Grant] { if case .claimed(let grants, _, _, _) = self { grants } else { [] } }

    fileprivate var withheld: Set<ModelQueue.Turns> {
        if case .claimed(_, _, let withheld, _) = self { withheld } else { [] }
    }
}

extension ModelQueue {
    /// Who could have a turn at once.
    fileprivate var openTurns: [Lane: [String]] {
        turns.mapValues { tenants in tenants.filter { !isPaused(tenant: $0) } }
    }

    /// Without listeners a wake-up goes through to the last worker, so whoever waits saw no work in its lanes.
    fileprivate func checkWake() throws(Violation) {
        guard listeners.isEmpty else { return }
        for worker in idle {
            for lane in idleFor[worker, default: []] where hasClaimable(in: lane) {
                throw Violation(kind: .wake, what: "\(worker) waits, was told of nothing, and \(lane) has work")
            }
        }
    }
}
