import Native

/// One part that `up` runs: how it is started, when it is ready and how it is stopped.
struct PartPlan {
    /// Whether others need it to the end, so that it stops after them.
    var isServer = false
    /// Name of its log, `worker-2`.
    let name: String
    /// For people, `Worker 2`.
    let title: String
    let command: ChildCommand
    /// What asks it to end. Also sent by the kernel if `up` dies.
    let stopSignal: Signal
    /// How long it may take to end when asked. After that it is killed.
    let grace: Duration
    /// How long it may take to be ready.
    let readyWithin: Duration
    /// nil when it is ready, else what is missing. Asked again until it is.
    let notReady: @LoopActor () async -> String?
}
