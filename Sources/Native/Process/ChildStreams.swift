internal import Glibc

/// The standard streams of a child that is being started. The child's ends are closed with the last reference to
/// this; the child has copies once it runs.
final class ChildStreams {
    private let input: Int32?
    private let inputForChild: Descriptor?
    /// What the child reads we write here; nil unless the command asks for it.
    let inputWriter: Descriptor?
    private let output: OpenedOutput
    private let errors: OpenedOutput

    init(_ command: ChildCommand) throws(SystemError) {
        switch command.input {
        case .null: (input, inputForChild, inputWriter) = (nil, nil, nil)
        case .inherit: (input, inputForChild, inputWriter) = (STDIN_FILENO, nil, nil)
        case .lines:
            let (reading, writing) = try Descriptor.pipe(writingWaits: false)
            (input, inputForChild, inputWriter) = (reading.rawValue, reading, writing)
        }
        output = try OpenedOutput(command.output, ours: STDOUT_FILENO)
        errors = try OpenedOutput(command.errors, ours: STDERR_FILENO)
    }

    /// What the child gets as 0, 1 and 2; nil: `/dev/null`.
    var descriptors: [Int32?] { [input, output.forChild, errors.forChild] }

    /// Call once the child runs.
    @LoopActor func startReading() -> [DescriptorReader] {
        [output, errors].compactMap { $0.startReading() }
    }
}

/// One output of a child, opened.
private struct OpenedOutput {
    var forChild: Int32?
    private var childEnd: Descriptor?
    private var ourEnd: Descriptor?
    private var onLine: (@LoopActor @Sendable (String) -> Void)?

    /// - Parameter ours: our own descriptor of that stream.
    init(_ output: ChildCommand.Output, ours: Int32) throws(SystemError) {
        switch output {
        case .null: break
        case .inherit: forChild = ours
        case .file(let path): childEnd = try Descriptor(open: path, O_WRONLY | O_APPEND | O_CREAT)
        case .lines(let onLine):
            (ourEnd, childEnd) = try Descriptor.pipe()
            self.onLine = onLine
        }
        if let childEnd { forChild = childEnd.rawValue }
    }

    @LoopActor func startReading() -> DescriptorReader? {
        guard let onLine, let ourEnd else { return nil }
        let lines = LineBuffer()
        return DescriptorReader(ourEnd) { bytes in
            for line in lines.splitter.append(bytes) { onLine(line) }
        } onEnd: {
            if let line = lines.splitter.finish() { onLine(line) }
        }
    }
}

/// Shared by the two closures of one reader.
@LoopActor private final class LineBuffer {
    var splitter = LineSplitter()
}
