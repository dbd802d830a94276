internal import CUV

extension EventLoop {
    /// Runs what blocks, as writing a large file to a disk, on libuv's pool of threads, so that the loop goes on. It is not
    /// cancellable.
    @LoopActor package func offload<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T {
        await unsafe withUnsafeContinuation { continuation in
            unsafe OffloadedWork(work, continuation).start(on: self)
        }
    }
}

/// One piece of work on another thread. Keeps itself alive until libuv calls back.
///
/// Its parts are touched by one thread at a time: the loop's before `start` and after the work, the pool's between.
@safe private final class OffloadedWork<T: Sendable>: OffloadedRequest, @unchecked Sendable {
    private let work: @Sendable () -> T
    private let continuation: UnsafeContinuation<T, Never>
    private var result: T?

    init(_ work: @escaping @Sendable () -> T, _ continuation: UnsafeContinuation<T, Never>) {
        self.work = work
        unsafe self.continuation = continuation
    }

    override func run() { result = work() }

    override func end() {
        guard let result else { preconditionFailure("work ended before it ran") }
        unsafe continuation.resume(returning: result)
    }
}

/// What libuv's callbacks, which know no type parameter, call.
@safe private class OffloadedRequest {
    /// Freed with the owner.
    private let request = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)

    deinit { unsafe request.deallocate() }

    /// On a thread of the pool.
    func run() {}
    /// On the loop.
    func end() {}

    @LoopActor func start(on loop: EventLoop) {
        unsafe request.pointee.data = Unmanaged.passRetained(self).toOpaque()
        let status = unsafe uv_queue_work(loop.uv, request, offloadedWorkRuns, offloadedWorkEnded)
        precondition(status == 0, "uv_queue_work: \(uvMessage(status))")
    }

    static func owner(of request: UnsafeMutablePointer<uv_work_t>?) -> Unmanaged<OffloadedRequest> {
        unsafe Unmanaged<OffloadedRequest>.fromOpaque(request!.pointee.data!)
    }
}

// Written where they belong to no actor: the first one is called on another thread.
private func offloadedWorkRuns(_ request: UnsafeMutablePointer<uv_work_t>?) {
    unsafe OffloadedRequest.owner(of: request).takeUnretainedValue().run()
}

private func offloadedWorkEnded(_ request: UnsafeMutablePointer<uv_work_t>?, _ status: Int32) {
    unsafe OffloadedRequest.owner(of: request).takeRetainedValue().end()
}
