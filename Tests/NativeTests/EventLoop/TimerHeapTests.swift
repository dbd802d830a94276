import TestSupport
import Testing

@testable import Native

@Suite("Timer heap")
struct TimerHeapTests {
    /// What the heap must do, in the plainest way: a list that is searched.
    private struct Model {
        var waiting: [(deadline: UInt64, id: TimerID)] = []

        mutating func popDue(now: UInt64) -> TimerID? {
            let due = waiting.indices.filter { waiting[$0].deadline <= now }
            guard let first = due.min(by: { waiting[$0].deadline < waiting[$1].deadline }) else { return nil }
            return waiting.remove(at: first).id
        }
    }

    @Test(arguments: 1...20)
    func `it does what a searched list would do`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        var heap = TimerHeap()
        var model = Model()
        let order = FiringOrder()
        for step in 0..<3000 {
            switch random.next() % 10 {
            case 0..<4:
                let deadline = random.next() % 1000
                let box = FiringOrder.Slot()
                let id = heap.add(deadline: deadline) { order.fired.append(box.id!) }
                box.id = id
                model.waiting.append((deadline, id))
            case 4..<7:
                guard let victim = model.waiting.randomElement(using: &random) else { continue }
                heap.cancel(victim.id)
                heap.cancel(victim.id)
                model.waiting.removeAll { $0.id == victim.id }
            default:
                let now = random.next() % 1000
                let action = heap.popDue(now: now)
                let expected = model.popDue(now: now)
                #expect((action == nil) == (expected == nil), "step \(step)")
                guard let action, let expected else { continue }
                run(action)
                #expect(order.fired.last == expected, "step \(step)")
            }
            #expect(heap.count == model.waiting.count)
            #expect(heap.nextDeadline() == model.waiting.map(\.deadline).min())
        }
    }

    @Test func `timers of one deadline fire in the order they were added`() {
        var heap = TimerHeap()
        let order = FiringOrder()
        var ids: [TimerID] = []
        for index in 0..<100 {
            ids.append(heap.add(deadline: 5) { order.fired.append(TimerID(rawValue: UInt64(index + 1))) })
        }
        while let action = heap.popDue(now: 5) { run(action) }
        #expect(order.fired == ids)
    }

    @Test func `a fired timer can be cancelled without harm`() {
        var heap = TimerHeap()
        let id = heap.add(deadline: 1) {}
        #expect(heap.popDue(now: 1) != nil)
        heap.cancel(id)
        #expect(heap.count == 0 && heap.nextDeadline() == nil)
    }

    /// The heap does not care on which thread its actions run; here it is the test's.
    private func run(_ action: TimerHeap.Action) {
        withoutActuallyEscaping(action) { unsafe unsafeBitCast($0, to: (() -> Void).self)() }
    }
}

/// Which timers fired, in order. Used by one thread at a time.
private final class FiringOrder: @unchecked Sendable {
    final class Slot: @unchecked Sendable { var id: TimerID? }
    var fired: [TimerID] = []
}
