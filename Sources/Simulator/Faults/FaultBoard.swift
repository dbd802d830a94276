import Native

/// The faults in force, one for each stand-in, and those calls that hang because of them.
@LoopActor final class FaultBoard {
    private let initial: [Service: Fault]
    private var faults: [Service: Fault]
    private var hanging = OneShot<Void>()

    init(_ options: Options) {
        var faults: [Service: Fault] = [:]
        for service in Service.allCases {
            faults[service] = Fault(mode: options.modes[service] ?? .ok, latencyMS: options.latencyMS[service] ?? 0)
        }
        initial = faults
        self.faults = faults
    }

    /// The lot of one call, after its wait.
    ///
    /// - Parameter tenant: the business that calls, where that is known.
    func draw(_ service: Service, _ call: Fault.Call = .send, of tenant: String? = nil) async -> FaultMode {
        let lot = faults[service, default: Fault()].draw(call, of: tenant)
        if lot.latencyMS > 0 { await pause(.milliseconds(lot.latencyMS)) }
        return lot.mode
    }

    /// What is not named stays as it is; what is named is replaced, its wait only when that is named too.
    func set(_ changes: [Service: FaultChange]) {
        for (service, change) in changes {
            faults[service] = change.applied(to: faults[service, default: Fault()])
        }
    }

    /// As the program was started. Calls that hang end without an answer.
    func reset() {
        faults = initial
        release()
    }

    func release() {
        hanging.resolve(())
        hanging = OneShot()
    }

    /// Returns when the faults are reset, or after 10 minutes.
    func hang() async {
        let hanging = hanging
        let timer = LoopActor.loop.after(.seconds(600)) { hanging.resolve(()) }
        try? await hanging.value
        LoopActor.loop.cancel(timer)
    }

    private func pause(_ duration: Duration) async {
        // Only a cancelled task wakes early, and nobody cancels these.
        try? await LoopActor.loop.sleep(for: duration)
    }
}
