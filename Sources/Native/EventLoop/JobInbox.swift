internal import Glibc

/// The jobs that other threads hand to the loop's thread.
///
/// Behind a lock of pthread's and not Swift's `Mutex`, because the thread sanitizer knows the former: it sees that a
/// job, and all that was written before it was handed over, passes from one thread to the other in order.
@safe final class JobInbox: @unchecked Sendable {
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private var jobs: [UnownedJob] = []

    init() {
        unsafe lock = .allocate(capacity: 1)
        unsafe precondition(pthread_mutex_init(lock, nil) == 0, "no mutex")
    }

    deinit {
        unsafe pthread_mutex_destroy(lock)
        unsafe lock.deallocate()
    }

    /// Says whether it was empty before, so that the reader has to be woken.
    func append(_ job: UnownedJob) -> Bool {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        jobs.append(job)
        return jobs.count == 1
    }

    /// Moves all jobs to the end of `ready`.
    func move(to ready: inout [UnownedJob]) {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        ready += jobs
        jobs.removeAll(keepingCapacity: true)
    }
}
