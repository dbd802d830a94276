import Testing

@testable import QueueModel

/// What the model test concludes from answers alone.
@Suite("Queue: the model's ledger") struct LedgerTests {
    private let first = ModelJob(id: "j1", lane: .high, tenant: "t", conversation: "c")
    private let second = ModelJob(id: "j2", lane: .high, tenant: "t", conversation: "c")

    /// After both jobs were accepted.
    private func ledger() throws -> Ledger {
        var ledger = Ledger()
        for job in [first, second] {
            try ledger.note(.enqueue(job, dedupe: job.id, isDelayed: false), .enqueued(.accepted), handles: [])
        }
        return ledger
    }

    private func handle(_ job: ModelJob, _ token: Int) -> Handle {
        Handle(group: job.group, token: "\(token)", job: job)
    }

    private func claim(_ ledger: inout Ledger, _ job: ModelJob, token: Int, isSilent: Bool = false) throws(Violation) {
        let action = Action.claim(worker: "w", ModelQueue.all(1), isSilent: isSilent)
        try ledger.note(action, .claimed([], hasMore: false, withheld: [], suspects: 0), handles: [handle(job, token)])
    }

    private func kind(_ body: () throws -> Void) -> Violation.Kind? {
        do { try body() } catch { return (error as? Violation)?.kind }
        return nil
    }

    private func ack(_ job: ModelJob, _ token: Int) -> Action {
        .hold(.ack(count: 1, remember: [], following: []), handle(job, token))
    }

    @Test func `a job before its elder is out of order`() throws {
        var ledger = try ledger()
        #expect(kind { try claim(&ledger, second, token: 1) } == .order)
    }

    @Test func `a second live lease is one too many, unless the first has run out`() throws {
        var ledger = try ledger()
        try claim(&ledger, first, token: 1, isSilent: true)
        try claim(&ledger, first, token: 2)
        #expect(kind { try claim(&ledger, first, token: 3) } == .leases)
    }

    @Test func `a token that does not grow is none`() throws {
        var ledger = try ledger()
        try claim(&ledger, first, token: 5)
        try ledger.note(ack(first, 5), .done, handles: [])
        #expect(kind { try claim(&ledger, second, token: 5) } == .token)
    }

    @Test func `a stale ack that is obeyed is noticed`() throws {
        var ledger = try ledger()
        try claim(&ledger, first, token: 1, isSilent: true)
        try claim(&ledger, first, token: 2)
        #expect(kind { try ledger.note(ack(first, 1), .done, handles: []) } == .stale)
    }

    @Test func `what was accepted and did not end has vanished`() throws {
        var ledger = try ledger()
        try claim(&ledger, first, token: 1)
        try ledger.note(ack(first, 1), .done, handles: [])
        #expect(kind { try ledger.close() } == .vanished)
        try claim(&ledger, second, token: 2)
        try ledger.note(ack(second, 2), .done, handles: [])
        try ledger.close()
    }
}
