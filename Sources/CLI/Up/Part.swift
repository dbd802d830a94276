import Native

/// A part that runs until it is told to stop: one that ends by itself is started again, after a wait.
@LoopActor final class Part {
    let plan: PartPlan
    private let output: ChildCommand.Output
    private let console: Console
    private let launcher: String
    private let onStart: (ProcessIdentity) -> Void
    private var child: ChildProcess?
    private var keeping: Task<Void, Never>?
    private var isStopping = false

    /// - Parameters:
    ///   - output: where its outputs go.
    ///   - launcher: a program that calls `ParentTie.becomeTiedCommand`, by default this one.
    ///   - onStart: told of each process that is started for it.
    init(
        _ plan: PartPlan, output: ChildCommand.Output, console: Console, launcher: String = "/proc/self/exe",
        onStart: @escaping (ProcessIdentity) -> Void
    ) {
        self.plan = plan
        self.output = output
        self.console = console
        self.launcher = launcher
        self.onStart = onStart
    }

    /// Starts it and waits until it is ready. From then on it is kept running.
    ///
    /// - Throws: `UpFailure` when it ends or is not ready in time, `CancellationError`. Call `stop` also then.
    func start() async throws {
        let child = try launch()
        try await ready(child)
        keeping = LoopActor.loop.spawn { await self.keepRunning() }
    }

    /// Returns when its process has ended.
    func stop() async {
        isStopping = true
        keeping?.cancel()
        guard let child, child.exitIfEnded == nil else { return }
        child.terminate(plan.stopSignal)
        do {
            _ = try await withDeadline(plan.grace) { try await child.exit }
        } catch {
            console.say("\(plan.title) did not stop within \(Console.seconds(plan.grace)) and is killed")
            kill()
            // Killed, it ends; this wait is only cancelled when `up` itself gives up.
            _ = try? await child.exit
        }
    }

    /// Ends it at once.
    func kill() {
        isStopping = true
        child?.terminateGroup(.kill)
    }

    private func launch() throws -> ChildProcess {
        var command = plan.command
        command.output = output
        command.errors = output
        let child = try ChildProcess(ParentTie(signal: plan.stopSignal, launcher: launcher).tie(command))
        self.child = child
        if let identity = ProcessIdentity(of: child.pid) { onStart(identity) }
        return child
    }

    private func ready(_ child: ChildProcess) async throws {
        let deadline = MonotonicInstant.now() + plan.readyWithin
        var pause = Duration.milliseconds(20)
        while true {
            let missing = await plan.notReady()
            if let exit = child.exitIfEnded { throw UpFailure("\(plan.title) ended with \(exit)", part: plan.name) }
            guard let missing else { return }
            if MonotonicInstant.now() > deadline {
                throw UpFailure(
                    "\(plan.title) was not ready within \(Console.seconds(plan.readyWithin)): \(missing)",
                    part: plan.name)
            }
            try await LoopActor.loop.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(250))
        }
    }

    private func keepRunning() async {
        var backoff = RestartBackoff()
        var since = MonotonicInstant.now()
        while !isStopping {
            // Thrown only when cancelled, which is how this ends.
            guard let ended = child, let exit = try? await ended.exit, !isStopping else { return }
            let wait = backoff.ended(afterRunning: MonotonicInstant.now() - since)
            console.say("\(plan.title) ended with \(exit); it starts again in \(Console.seconds(wait))")
            guard (try? await LoopActor.loop.sleep(for: wait)) != nil, !isStopping else { return }
            since = .now()
            do {
                try await ready(launch())
                console.say("\(plan.title) is ready again")
            } catch let error as UpFailure {
                // Alive but not ready is left alone: what it waits for may come.
                console.say(error.description)
            } catch {
                if isStopping { return }
                console.say("\(plan.title) could not be started: \(error)")
            }
        }
    }
}
