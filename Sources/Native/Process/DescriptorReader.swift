internal import Glibc

/// Reads a pipe or a terminal as its bytes come, and closes it at its end.
///
/// It stays alive by itself until the end of what it reads, or `stop`.
@safe @LoopActor final class DescriptorReader {
    /// Null once stopped.
    private var descriptor: Descriptor?
    private var watcher: SocketWatcher?
    private var onBytes: (([UInt8]) -> Void)?
    private var onEnd: (() -> Void)?

    /// - Parameters:
    ///   - onBytes: 1 to 65,536 bytes, each time some came.
    ///   - onEnd: once, at the end of the stream or an error, which for a reader is the same. Not after `stop`.
    init(_ descriptor: Descriptor, onBytes: @escaping ([UInt8]) -> Void, onEnd: @escaping () -> Void) {
        self.descriptor = descriptor
        self.onBytes = onBytes
        self.onEnd = onEnd
        let watcher = SocketWatcher(descriptor: descriptor.rawValue) { _ in self.read() }
        self.watcher = watcher
        watcher.wait(for: .readable)
    }

    /// Takes what is there at this moment. For a pipe whose writer has ended, all that will ever come.
    func drain() {
        while watcher != nil, read() {}
    }

    /// Closes the descriptor. Nothing is told from here on.
    func stop() {
        guard let watcher else { return }
        watcher.stop()
        self.watcher = nil
        onBytes = nil
        onEnd = nil
        descriptor = nil
    }

    /// Says whether there were bytes.
    @discardableResult private func read() -> Bool {
        guard let descriptor = descriptor?.rawValue else { return false }
        var count = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, filled in
            count = unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            filled = max(count, 0)
        }
        if count > 0 {
            onBytes?(bytes)
            return true
        }
        if count < 0, errno == EAGAIN || errno == EINTR { return false }
        let onEnd = onEnd
        stop()
        onEnd?()
        return false
    }
}
