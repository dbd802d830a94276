import Native

/// Something that happens once. Any number of tasks wait for it, before or after.
@LoopActor package final class Gate {
    package struct TimedOut: Error {}

    private var isOpen = false
    private var waiting: [CheckedContinuation<Bool, Never>] = []

    package nonisolated init() {}

    package func open() {
        isOpen = true
        release(isOpen: true)
    }

    package func wait(within limit: Duration = .seconds(20)) async throws {
        if isOpen { return }
        let timer = LoopActor.loop.after(limit) { [weak self] in self?.release(isOpen: false) }
        defer { LoopActor.loop.cancel(timer) }
        guard await withCheckedContinuation({ waiting.append($0) }) else { throw TimedOut() }
    }

    private func release(isOpen: Bool) {
        let waiting = waiting
        self.waiting = []
        for continuation in waiting { continuation.resume(returning: isOpen) }
    }
}
