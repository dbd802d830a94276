internal import Glibc

/// The lines of the process's standard input, as they come: from a terminal, a pipe, a socket or a file.
///
/// Opens the input anew, because to make the descriptor that was inherited non-blocking would do so for all
/// processes that share it, the user's shell among them.
@LoopActor package final class LineInput {
    private var splitter = LineSplitter()
    private let onLine: @LoopActor (String) -> Void
    private let onEnd: @LoopActor () -> Void
    private var reader: DescriptorReader?
    private var isStopped = false

    /// - Parameter onEnd: once, after the last line. Not after `stop`.
    package init(onLine: @escaping @LoopActor (String) -> Void, onEnd: @escaping @LoopActor () -> Void) {
        self.onLine = onLine
        self.onEnd = onEnd
    }

    package func start() {
        var status = stat()
        let isFile = unsafe fstat(STDIN_FILENO, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
        // Neither a plain file nor most devices can be watched; they never keep a reader waiting either.
        if isFile || (status.st_mode & S_IFMT == S_IFCHR && isatty(STDIN_FILENO) != 1) { return readFile() }
        let input = (try? Descriptor(open: "/proc/self/fd/0", O_RDONLY)) ?? Descriptor(owning: dup(STDIN_FILENO))
        reader = DescriptorReader(input) { bytes in
            self.take(bytes)
        } onEnd: {
            self.end()
        }
    }

    package func stop() {
        isStopped = true
        reader?.stop()
        reader = nil
    }

    /// A piece a turn, so that what the lines set off is not kept waiting.
    private func readFile() {
        if isStopped { return }
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 16_384) { buffer, filled in
            filled = unsafe max(Glibc.read(STDIN_FILENO, buffer.baseAddress, buffer.count), 0)
        }
        if bytes.isEmpty { return LoopActor.loop.atEndOfTurn { self.end() } }
        take(bytes)
        LoopActor.loop.after(.zero) { self.readFile() }
    }

    private func take(_ bytes: [UInt8]) {
        for line in splitter.append(bytes) where !isStopped { onLine(line) }
    }

    private func end() {
        if let line = splitter.finish(), !isStopped { onLine(line) }
        reader = nil
        if !isStopped { onEnd() }
    }
}
