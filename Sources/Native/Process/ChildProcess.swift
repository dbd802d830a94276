internal import CUV
internal import Glibc

/// A process that this one started. It runs on when this object is forgotten; whoever wants it to end says so.
@safe @LoopActor package final class ChildProcess {
    package let pid: Int32
    private let leadsGroup: Bool
    private let ending: OneShot<ChildExit>
    private let readers: [DescriptorReader]
    private var input: Descriptor?

    /// Starts the process.
    ///
    /// - Throws: the reason when the executable, its working directory or an output file cannot be opened, or the
    ///   user cannot be taken on. Nothing was started then.
    package init(_ command: ChildCommand) throws(SystemError) {
        let streams = try ChildStreams(command)
        let watch = ExitWatch()
        pid = try withExtendedLifetime(streams) { () throws(SystemError) in
            try watch.spawn(command, streams.descriptors)
        }
        leadsGroup = command.leadsGroup
        ending = watch.ending
        input = streams.inputWriter
        readers = streams.startReading()
        // The watch lives until the child's exit, and with it what reads the child's output.
        watch.onExit = { [readers] in for reader in readers { reader.drain() } }
    }

    /// Gives the child a line, for a command with `input` of lines. Its end is added.
    ///
    /// - Throws: when the child does not read any more, or reads so slowly that its pipe (64 KB) is full. It may have
    ///   got a part of the line then, and should be ended.
    package func send(line: String) throws(SystemError) {
        guard let input else { throw SystemError(action: "write to process \(pid)", code: EPIPE) }
        let bytes = Array(line.utf8) + [UInt8(ascii: "\n")]
        let written = unsafe bytes.withUnsafeBytes { unsafe write(input.rawValue, $0.baseAddress, $0.count) }
        if written != bytes.count {
            throw SystemError(action: "write to process \(pid)", code: written < 0 ? errno : EAGAIN)
        }
    }

    /// Tells the child that no line will come any more.
    package func closeInput() { input = nil }

    /// How the process ended, once it has. Its output was told before. A process that it left behind may still
    /// hold the output; what that one writes comes as it comes.
    ///
    /// - Throws: when the waiting task is cancelled. The process goes on.
    package var exit: ChildExit { get async throws(CancellationError) { try await ending.value } }

    /// Nil while the process runs.
    package var exitIfEnded: ChildExit? { ending.result }

    /// Signals the process. Nothing happens once it has ended: its number may be another's by then.
    package func terminate(_ signal: Signal = .terminate) {
        if ending.result == nil { signal.send(to: pid) }
    }

    /// Signals the process and all it started that stayed in its group. Only for one that leads a group.
    package func terminateGroup(_ signal: Signal) {
        precondition(leadsGroup, "process \(pid) shares our own group")
        if ending.result == nil { signal.send(toGroup: pid) }
    }
}

/// libuv's side of a child process. libuv keeps it until the child has ended.
@safe @LoopActor private final class ExitWatch {
    let ending = OneShot<ChildExit>()
    /// Called just before the exit is told.
    var onExit: (() -> Void)?
    private var handle: UVHandle?

    func spawn(_ command: ChildCommand, _ streams: [Int32?]) throws(SystemError) -> Int32 {
        let arguments = CStringArray([command.executable] + command.arguments)
        let environment = CStringArray(command.environment?.map { "\($0)=\($1)" })
        var stdio = unsafe streams.map(Self.container)
        let handle = UVHandle(ownedBy: self)
        let status = unsafe command.executable.withCString { file in
            unsafe withOptionalCString(command.workingDirectory) { directory in
                unsafe stdio.withUnsafeMutableBufferPointer { stdio in
                    var options = unsafe uv_process_options_t()
                    unsafe options.file = file
                    unsafe options.args = arguments.pointers
                    unsafe options.env = environment.pointers
                    unsafe options.cwd = directory
                    unsafe options.flags = command.leadsGroup ? UInt32(UV_PROCESS_DETACHED.rawValue) : 0
                    if let user = command.user {
                        unsafe options.flags |= UInt32(UV_PROCESS_SETUID.rawValue | UV_PROCESS_SETGID.rawValue)
                        unsafe options.uid = user.user
                        unsafe options.gid = user.group
                    }
                    unsafe options.stdio_count = Int32(stdio.count)
                    unsafe options.stdio = stdio.baseAddress
                    unsafe options.exit_cb = { process, code, signal in
                        unsafe UVHandle.owner(of: process, as: ExitWatch.self)
                            .ended(signal == 0 ? .code(Int(code)) : .signal(Signal(rawValue: signal)))
                    }
                    return unsafe uv_spawn(LoopActor.loop.uv, handle.as(uv_process_t.self), &options)
                }
            }
        }
        guard status == 0 else {
            // libuv has made the handle known to the loop also when it could not start the process.
            handle.close()
            throw SystemError(action: "start \(command.executable)", code: -status)
        }
        self.handle = handle
        return unsafe handle.as(uv_process_t.self).pointee.pid
    }

    private func ended(_ exit: ChildExit) {
        handle?.close()
        handle = nil
        onExit?()
        onExit = nil
        ending.resolve(exit)
    }

    private static func container(_ descriptor: Int32?) -> uv_stdio_container_t {
        var container = unsafe uv_stdio_container_t()
        unsafe container.flags = descriptor == nil ? UV_IGNORE : UV_INHERIT_FD
        if let descriptor { unsafe container.data.fd = descriptor }
        return unsafe container
    }
}

private func withOptionalCString<T>(_ string: String?, _ body: (UnsafePointer<CChar>?) -> T) -> T {
    guard let string else { return body(nil) }
    return unsafe string.withCString { unsafe body($0) }
}
