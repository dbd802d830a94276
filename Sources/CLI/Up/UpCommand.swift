import FoundationEssentials
import Native
import Shared

/// `rejoinder up`: starts every part in order, keeps them running, and stops them in order.
@LoopActor final class UpCommand {
    let options: UpOptions
    let environment: [String: String]
    let data: DataFolder
    let sockets: SocketFolder
    let console = Console()
    let processes: StartedProcesses
    let http = HTTPClient(keptConnections: 8)
    let isRoot = UserIdentity.current.isRoot
    var ports = Ports()
    /// In the order they were started.
    private var parts: [Part] = []
    /// Held as long as this runs.
    private var lock: FileLock?

    init(_ options: UpOptions, environment: [String: String]) throws(UpFailure) {
        let data = DataFolder.choose(
            asked: options.data, environment: environment, isRoot: isRoot,
            current: FileManager.default.currentDirectoryPath)
        guard let data else { throw UpFailure("there is no HOME to keep data in; say where: --data DIR") }
        self.options = options
        self.environment = environment
        self.data = data
        sockets = SocketFolder(for: data, isRoot: isRoot)
        processes = StartedProcesses(path: data.processes)
    }

    /// Returns the status to exit with, once everything has been stopped.
    func run(until shutdown: Shutdown) async -> Int32 {
        do {
            try claimFolder()
        } catch {
            return tell(error)
        }
        shutdown.atOnce = { self.killAll() }
        let starting = LoopActor.loop.spawn { try await self.startAll() }
        let interruption = LoopActor.loop.spawn {
            try await shutdown.wait()
            starting.cancel()
        }
        var status: Int32 = 0
        do {
            console.say(try await starting.value)
            // Throws only when this task is cancelled, which nobody does.
            try? await shutdown.wait()
        } catch  where shutdown.isRequested {
            // Told to stop while it was starting: that is no failure.
        } catch {
            status = tell(error)
        }
        interruption.cancel()
        await stopAll()
        return status
    }

    private func claimFolder() throws {
        try Folder.make(data.path)
        guard let lock = try FileLock(path: data.lock) else {
            let place = RunFile.ofRunning(at: data.runFile).map { " (process \($0.process.pid), \($0.api))" } ?? ""
            throw UpFailure(
                "another `rejoinder up` already runs on \(data.path)\(place). "
                    + "Stop it, or give this one a folder of its own: --data DIR")
        }
        self.lock = lock
    }

    /// Returns when the part is ready.
    func start(_ plan: PartPlan) async throws {
        let part = Part(
            plan, output: PartLog.output(plan.name, data, isVerbose: options.isVerbose, console), console: console
        ) { [processes] in processes.add(plan.name, $0, stopSignal: plan.stopSignal) }
        parts.append(part)
        try await console.during("Starting \(plan.title)") { try await part.start() }
    }

    var partNames: [String] { parts.map(\.plan.name) }

    private func stopAll() async {
        if parts.isEmpty { return }
        console.say("Stopping")
        // What makes work stops first and together, then, one after the other, what it needs to the end.
        await withTaskGroup { group in
            for part in parts where !part.plan.isServer { group.addTask { await part.stop() } }
        }
        for part in parts.reversed() where part.plan.isServer { await part.stop() }
        processes.clear()
        // What stays behind does no harm: a dead run file names a dead process, and the folders are empty.
        try? FileManager.default.removeItem(atPath: data.runFile)
        if sockets.isElsewhere { try? FileManager.default.removeItem(atPath: sockets.path) }
        console.say("Stopped. Data stay in \(data.path)")
    }

    private func killAll() {
        for part in parts { part.kill() }
    }

    /// Says what went wrong, with the end of the log of the part that failed. Returns the status to exit with.
    private func tell(_ error: any Error) -> Int32 {
        console.endLine()
        StandardStream.error.write("rejoinder: \(error)\n")
        let failure = error as? UpFailure
        if let part = failure?.part {
            let end = PartLog.tail(part, data)
            if !end.isEmpty { StandardStream.error.write("The end of \(data.log(part)):\n\(end)\n") }
        }
        return failure?.status ?? 1
    }
}
