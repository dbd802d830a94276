import Native
import Shared

/// The quarantine process as its worker sees it: one job at a time, and how each ended.
@LoopActor final class QuarantineChild {
    enum End: Equatable, Sendable {
        /// The process recorded the job's end itself.
        case job(JobMetrics.End)
        /// The process died over the job.
        case crashed(String)
        /// The process ended, and not over the job: it handed it back, or never began it.
        case left
    }

    private let process: ChildProcess
    private let isReady = OneShot<Bool>()
    private var running: OneShot<End>?
    private var hasStarted = false
    private var isGivenUp = false

    /// Starts the process. It dies with this one.
    ///
    /// - Parameters:
    ///   - command: reads and writes `QuarantineMessage` on its standard streams.
    ///   - launcher: a program that calls `ParentTie.becomeTiedCommand`.
    init(_ command: ChildCommand, launcher: String = ThisProgram.path) throws(SystemError) {
        let bell = LineBell()
        var command = ParentTie(signal: .kill, launcher: launcher).tie(command)
        command.input = .lines
        command.output = .lines { bell.onLine($0) }
        process = try ChildProcess(command)
        bell.onLine = { [weak self] in self?.heard($0) }
        LoopActor.loop.spawn { [self] in
            // Only who waits could be cancelled, and nobody cancels this.
            guard let exit = try? await process.exit else { return }
            isReady.resolve(false)
            running?.resolve(isOfTheJob(exit) ? .crashed("\(exit)") : .left)
        }
    }

    var pid: Int32 { process.pid }

    var hasEnded: Bool { process.exitIfEnded != nil }

    /// Waits until it takes jobs. False when it ended instead, or took longer than `limit`, and then it is killed.
    func ready(within limit: Duration) async -> Bool {
        if let isReady = try? await withDeadline(limit, operation: { [isReady] in try await isReady.value }) {
            return isReady
        }
        process.terminate(.kill)
        return false
    }

    /// Has it run the job of a lease. One at a time.
    ///
    /// - Parameter limit: past it the process is killed, which counts as a crash if the job had started.
    func run(_ lease: Lease, within limit: Duration) async -> End {
        let end = OneShot<End>()
        running = end
        hasStarted = false
        defer { running = nil }
        do {
            try process.send(
                line: QuarantineMessage.run(shard: lease.shard, group: lease.group.id, token: lease.token).line)
        } catch {
            // It ended before it could begin: that is not the job's fault.
            process.terminate(.kill)
            return .left
        }
        if let end = try? await withDeadline(limit, operation: { try await end.value }) { return end }
        if process.exitIfEnded == nil { process.terminate(.kill) }
        _ = try? await process.exit
        return Task.isCancelled || !hasStarted ? .left : .crashed("no end within \(limit)")
    }

    /// Asks it to finish or hand back what it has, and waits for its end; kills it after `limit`.
    func stop(within limit: Duration) async {
        process.closeInput()
        do { _ = try await withDeadline(limit) { [process] in try await process.exit } } catch {
            isGivenUp = true
            process.terminate(.kill)
        }
    }

    private func heard(_ line: String) {
        switch QuarantineMessage(line: line) {
        case .ready: isReady.resolve(true)
        case .started: hasStarted = true
        case .ended(let end): running?.resolve(.job(end))
        case .run, nil: break
        }
    }

    /// Not when we killed it, nor when somebody asked it to go: a second SIGTERM or SIGINT ends it by force, with
    /// 128 and the signal's number.
    private func isOfTheJob(_ exit: ChildExit) -> Bool {
        hasStarted && !isGivenUp && ![.code(0), .code(130), .code(143)].contains(exit)
    }
}

/// Hands lines on to whoever listens by now.
@LoopActor private final class LineBell {
    var onLine: (String) -> Void = { _ in }
}
