internal import CUV
internal import Glibc
internal import Synchronization

/// One thread, one libuv loop; also the executor that Swift tasks run on.
///
/// A turn is: run the jobs of tasks that became ready, then the end-of-turn work (sockets flush what was gathered),
/// then wait for I/O or the next timer. `LoopActor.loop` is the only instance a process needs.
///
/// `@unchecked Sendable`: all state but `inbox` and `thread` is touched on the loop's own thread only; those two are
/// a lock and an atomic. Each method that needs the thread is isolated to `LoopActor`.
@safe package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// Owned; freed never, because the loop lives as long as the process.
    let uv: UnsafeMutablePointer<uv_loop_t>
    private let wake: UnsafeMutablePointer<uv_async_t>
    private let tick: UnsafeMutablePointer<uv_timer_t>
    /// While active, libuv does not block. See `armTick`.
    private let noWait: UnsafeMutablePointer<uv_idle_t>

    /// The thread in `run`, or 0 while there is none.
    private let thread = Atomic<UInt>(0)
    private let inbox = JobInbox()
    private var ready: [UnownedJob] = []
    private var running: [UnownedJob] = []
    private var timers = TimerHeap()
    private var endOfTurn: [@LoopActor () -> Void] = []
    private var runningEndOfTurn: [@LoopActor () -> Void] = []
    private var isStopping = false

    init() {
        unsafe uv = .allocate(capacity: 1)
        unsafe wake = .allocate(capacity: 1)
        unsafe tick = .allocate(capacity: 1)
        unsafe noWait = .allocate(capacity: 1)
        unsafe precondition(uv_loop_init(uv) == 0, "libuv could not make a loop")
        unsafe uv_async_init(uv, wake) { _ in LoopActor.loop.takeInbox() }
        unsafe uv_timer_init(uv, tick)
        // A peer that has gone is an error of the write, not a reason to die; hiredis writes without MSG_NOSIGNAL.
        signal(SIGPIPE, SIG_IGN)
        unsafe uv_idle_init(uv, noWait)
    }

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    // MARK: Running

    /// Runs the loop on the calling thread until `stop`. At most one thread may be in here at a time.
    package func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        isStopping = false
        // What was enqueued before there was a thread.
        takeInbox()
        while !isStopping { turn() }
        thread.store(0, ordering: .relaxed)
    }

    /// Makes `run` return after the present turn.
    @LoopActor package func stop() { isStopping = true }

    private func turn() {
        runReadyJobs()
        runEndOfTurn()
        if isStopping { return }
        let mayWait = armTick() && ready.isEmpty && endOfTurn.isEmpty
        unsafe uv_run(uv, mayWait ? UV_RUN_ONCE : UV_RUN_NOWAIT)
        unsafe uv_idle_stop(noWait)
        let now = MonotonicInstant.now().nanoseconds
        while let action = timers.popDue(now: now) { LoopActor.assume { action() } }
    }

    /// Jobs that make more jobs get 16 rounds, so that I/O is not starved by tasks that only talk to each other.
    private func runReadyJobs() {
        let executor = unsafe asUnownedSerialExecutor(), taskExecutor = unsafe asUnownedTaskExecutor()
        var rounds = 0
        while !ready.isEmpty, rounds < 16 {
            rounds += 1
            swap(&ready, &running)
            for job in running {
                unsafe job.runSynchronously(isolatedTo: executor, taskExecutor: taskExecutor)
            }
            running.removeAll(keepingCapacity: true)
        }
    }

    /// What these actions themselves put off waits for the next turn, which then does not wait for I/O.
    private func runEndOfTurn() {
        if endOfTurn.isEmpty { return }
        swap(&endOfTurn, &runningEndOfTurn)
        LoopActor.assume { for action in runningEndOfTurn { action() } }
        runningEndOfTurn.removeAll(keepingCapacity: true)
    }

    /// Makes the wait end at the next deadline. False when that is now, so that nothing may be waited for.
    ///
    /// libuv before 1.45 runs its timers before it polls, not after: a tick that is due by then is used up and the
    /// poll that follows waits for I/O without limit. Hence a due timer never becomes a tick, and a tick
    /// that fires at that point (a millisecond may pass on the way) forbids the poll to block.
    private func armTick() -> Bool {
        guard let deadline = timers.nextDeadline() else {
            unsafe uv_timer_stop(tick)
            return true
        }
        let now = MonotonicInstant.now().nanoseconds
        if deadline <= now { return false }
        // libuv counts from its own idea of now, which is as old as the last wait.
        unsafe uv_update_time(uv)
        unsafe uv_timer_start(tick, { _ in LoopActor.loop.forbidWait() }, (deadline - now + 999_999) / 1_000_000, 0)
        return true
    }

    private func forbidWait() { unsafe uv_idle_start(noWait) { _ in } }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isCurrent {
            ready.append(job)
            return
        }
        if inbox.append(job) { unsafe uv_async_send(wake) }
    }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    package func checkIsolated() { precondition(isCurrent, "not on the loop's thread") }

    private func takeInbox() { inbox.move(to: &ready) }

    // MARK: Tasks

    /// Starts a task on the loop. The one way to start an unstructured one: a plain `Task { }` would run through
    /// the Dispatch pool, with threads of its own.
    @discardableResult
    package func spawn<T: Sendable>(
        _ work: @escaping @LoopActor @Sendable () async throws -> T
    ) -> Task<T, any Error> {
        Task(executorPreference: self, operation: work)
    }

    /// `spawn` for work that does not throw.
    @discardableResult
    package func spawn<T: Sendable>(_ work: @escaping @LoopActor @Sendable () async -> T) -> Task<T, Never> {
        Task(executorPreference: self, operation: work)
    }

    // MARK: Turns and timers

    /// Runs `action` once when the jobs of the present turn have run, before the loop waits.
    @LoopActor package func atEndOfTurn(_ action: @escaping @LoopActor () -> Void) { endOfTurn.append(action) }

    /// Runs `action` once, not before `delay` has passed. Resolution: 1 ms.
    @LoopActor @discardableResult
    package func after(_ delay: Duration, _ action: @escaping @LoopActor () -> Void) -> TimerID {
        timers.add(deadline: (MonotonicInstant.now() + delay).nanoseconds, action)
    }

    /// Forgets the timer; nothing happens if it has fired.
    @LoopActor package func cancel(_ timer: TimerID) { timers.cancel(timer) }

    /// Timers that have neither fired nor been cancelled.
    @LoopActor package var timerCount: Int { timers.count }
}
