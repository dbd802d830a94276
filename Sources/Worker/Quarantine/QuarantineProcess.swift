import Native
import Shared

/// `rejoinder-worker --quarantine`: runs one job at a time, under leases that the worker which started it holds.
@LoopActor final class QuarantineProcess {
    private let service: Service
    private let parts: WorkerParts
    private var keeper: LeaseKeeper!
    private var running: (lease: Lease, task: Task<Void, Never>)?
    private var idle: OneShot<Void>?

    /// Between tries while Redis is down.
    private static let pause: Duration = .milliseconds(200)

    private var configuration: Configuration { service.configuration }
    private var log: Log { service.log }

    init(_ service: Service) throws {
        self.service = service
        parts = try WorkerParts(
            service.configuration, name: "rejoinder-quarantine", log: service.log, metrics: service.metrics)
        // Its worker renews the lease too; this one tells when it is lost.
        keeper = LeaseKeeper(
            queue: parts.heartbeats.queue, lease: configuration.queue.lease,
            beat: LeaseKeeper.beat(for: configuration.queue.lease),
            onLost: { [unowned self] lease, _ in if running?.lease === lease { running?.task.cancel() } })
    }

    /// Works until its input ends or it is asked to stop. Nothing is left in hand then.
    func run() async throws {
        log.info(.quarantine, "Quarantine runs", [.pid: .int(Int(ThisProgram.pid))])
        let input = LineInput { [unowned self] in
            take($0)
        } onEnd: { [service] in
            service.shutdown.request()
        }
        // From the start: its end is the sign to stop, also while Redis or Postgres is away.
        input.start()
        let opening = LoopActor.loop.spawn { [self] in
            try await parts.open()
            // Not needed, but a job that finds Postgres still connecting would have to come back for it.
            try? await parts.postgres.waitUntilReady(within: .seconds(2))
            say(.ready)
        }
        service.shutdown.endIfUnfit(opening, log)
        try? await service.shutdown.wait()
        opening.cancel()
        await finish()
        input.stop()
        keeper.stop()
        await parts.close()
    }

    private func take(_ line: String) {
        guard case .run(let shard, let group, let token)? = QuarantineMessage(line: line), running == nil else {
            return
        }
        LoopActor.loop.spawn { [self] in
            while !service.shutdown.isRequested {
                do throws(QueueError) {
                    let lease = try await parts.redis.queue.held(
                        group, token: token, shard: shard, lease: configuration.queue.lease)
                    // Else it is the worker that hands it back.
                    if !service.shutdown.isRequested { start(lease) }
                    return
                } catch {
                    log.warning(.quarantine, "A lease could not be read", [.error: .text("\(error)")])
                    // The worker still holds it, or nobody does; in either case it comes back.
                    if !error.mayPass { return say(.ended(.lost)) }
                }
                // Nobody cancels this.
                try? await LoopActor.loop.sleep(for: Self.pause)
            }
        }
    }

    private func start(_ lease: Lease) {
        say(.started)
        // The worker ends a job that takes too long, with this process.
        keeper.hold(lease)
        let task = LoopActor.loop.spawn { [self] in
            let end = await parts.runner.run(lease) { [keeper] in keeper!.deadline(of: lease) }
            keeper.drop(lease)
            running = nil
            idle?.resolve(())
            // The lines before it are out before the worker goes on.
            log.flush()
            // Handed back when we end: then our exit tells it.
            if end != .lost || !service.shutdown.isRequested { say(.ended(end)) }
        }
        running = (lease, task)
    }

    /// Lets the job finish, or hands it back when it takes too long.
    private func finish() async {
        guard let (lease, task) = running else { return }
        let idle = OneShot<Void>()
        self.idle = idle
        try? await withDeadline(configuration.worker.quarantineDrainLimit) { try await idle.value }
        guard running != nil else { return }
        task.cancel()
        await task.value
        // Refused when it ended after all.
        try? await parts.redis.queue.release(lease)
    }

    private func say(_ message: QuarantineMessage) { StandardStream.output.write(message.line + "\n") }
}
