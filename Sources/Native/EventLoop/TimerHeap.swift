/// Names one timer of a loop. Never used again after the timer fired or was cancelled.
package struct TimerID: Hashable, Sendable {
    let rawValue: UInt64
}

/// The loop's timers: a binary heap by deadline. A plain value, so it can be tested without a loop.
///
/// A cancelled timer leaves its place in the heap until its deadline, or until cancelled ones are the majority.
struct TimerHeap {
    typealias Action = @LoopActor () -> Void

    private struct Entry {
        var deadline: UInt64
        var id: UInt64
    }

    private var heap: [Entry] = []
    private var actions: [UInt64: Action] = [:]
    private var lastID: UInt64 = 0

    /// How many timers are waiting.
    var count: Int { actions.count }

    /// - Parameter deadline: monotonic ns. Timers with the same deadline fire in the order they were added.
    mutating func add(deadline: UInt64, _ action: @escaping Action) -> TimerID {
        lastID += 1
        actions[lastID] = action
        heap.append(Entry(deadline: deadline, id: lastID))
        siftUp(heap.count - 1)
        return TimerID(rawValue: lastID)
    }

    mutating func cancel(_ id: TimerID) {
        guard actions.removeValue(forKey: id.rawValue) != nil else { return }
        if heap.count > 64, heap.count > actions.count * 2 { forgetCancelled() }
    }

    /// The next deadline, monotonic ns, or nil when no timer waits.
    mutating func nextDeadline() -> UInt64? {
        while let first = heap.first {
            if actions[first.id] != nil { return first.deadline }
            removeFirst()
        }
        return nil
    }

    /// Takes out the next timer that is due. The caller runs it, outside this value's exclusive access.
    mutating func popDue(now: UInt64) -> Action? {
        while let first = heap.first, first.deadline <= now {
            removeFirst()
            if let action = actions.removeValue(forKey: first.id) { return action }
        }
        return nil
    }

    private mutating func forgetCancelled() {
        heap.removeAll { actions[$0.id] == nil }
        for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
    }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        siftDown(0)
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        (heap[a].deadline, heap[a].id) < (heap[b].deadline, heap[b].id)
    }

    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard isBefore(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var parent = start
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && isBefore(child, first) {
                first = child
            }
            if first == parent { return }
            heap.swapAt(parent, first)
            parent = first
        }
    }
}
