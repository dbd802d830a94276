import Native

/// Remembers every text that was delivered, in order, and who waits for the next one.
@LoopActor final class Witness {
    private var deliveries: Ring<Delivery>
    /// The numbers of each contact's deliveries, rising. Those that the ring has dropped are passed over.
    private var byContact: [String: [Int]] = [:]
    private var waiting: [OneShot<Void>] = []
    /// The most that one answer carries.
    static let pageSize = 100_000

    init(capacity: Int) { deliveries = Ring(capacity: capacity) }

    /// - Parameter to: the address as the provider wrote it.
    @discardableResult
    func deliver(_ service: Service, tenant: String, to: String, id: String, text: String) -> Delivery {
        let delivery = Delivery(
            seq: deliveries.last + 1, provider: service.provider, tenant: tenant, contact: Delivery.contact(to), id: id,
            text: text, at: .now())
        let gone = deliveries.append(delivery)
        byContact[delivery.contact, default: []].append(delivery.seq)
        if let gone { forget(gone) }
        for one in waiting { one.resolve(()) }
        waiting.removeAll(keepingCapacity: true)
        return delivery
    }

    /// The first of those after number `after`: of one contact, or of all.
    func messages(contact: String?, after: Int) -> [Delivery] {
        guard let contact else {
            let first = max(after + 1, deliveries.first)
            return (first..<max(first, min(deliveries.last + 1, first + Self.pageSize))).compactMap { deliveries[$0] }
        }
        let numbers = byContact[Delivery.contact(contact)] ?? []
        let first = numbers.partitioningIndex { $0 > after && $0 >= deliveries.first }
        return numbers[first...].prefix(Self.pageSize).compactMap { deliveries[$0] }
    }

    /// The last one under an id, whoever brought it.
    func find(id: String) -> Delivery? {
        for number in stride(from: deliveries.last, through: deliveries.first, by: -1) {
            if let delivery = deliveries[number], delivery.id == id { return delivery }
        }
        return nil
    }

    /// The same, and when there is none, those that come within `limit`.
    func messages(contact: String?, after: Int, waiting limit: Duration) async -> [Delivery] {
        let deadline = MonotonicInstant.now() + limit
        while true {
            let found = messages(contact: contact, after: after)
            let rest = deadline - .now()
            if !found.isEmpty || rest <= .zero { return found }
            await next(within: rest)
        }
    }

    /// Forgets all; numbers go on.
    func removeAll() {
        deliveries.removeAll()
        byContact.removeAll()
    }

    var count: Int { deliveries.count }

    private func next(within limit: Duration) async {
        let one = OneShot<Void>()
        waiting.append(one)
        let timer = LoopActor.loop.after(limit) { one.resolve(()) }
        // Nobody cancels this task.
        try? await one.value
        LoopActor.loop.cancel(timer)
        waiting.removeAll { $0 === one }
    }

    /// Drops a contact's numbers once half of them are gone, so that the cost of dropping stays small.
    private func forget(_ gone: Delivery) {
        guard let numbers = byContact[gone.contact] else { return }
        let kept = numbers.partitioningIndex { $0 >= deliveries.first }
        if kept == numbers.count {
            byContact[gone.contact] = nil
        } else if kept * 2 >= numbers.count {
            byContact[gone.contact] = Array(numbers[kept...])
        }
    }
}

extension [Int] {
    /// The first index whose element fulfils `condition`, which holds for a tail of the array.
    fileprivate func partitioningIndex(_ condition: (Int) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if condition(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
