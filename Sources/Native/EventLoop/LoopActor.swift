/// Everything that lives on the loop's thread is isolated to this actor: sockets, handles, and the code of all
/// five executables. One thread, so nothing isolated here needs a lock.
@globalActor package actor LoopActor {
    package static let shared = LoopActor()
    package nonisolated let loop = EventLoop()
    package nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe loop.asUnownedSerialExecutor() }

    /// The loop all of it runs on.
    package nonisolated static var loop: EventLoop { shared.loop }

    /// Runs `body` as code of this actor. For the loop itself, which belongs to no actor; what a C library calls back is a
    /// closure of this actor, which the compiler checks.
    ///
    /// Traps in a debug build when the caller is not on the loop's thread.
    @inline(__always)
    nonisolated static func assume<T>(_ body: @LoopActor () throws -> T) rethrows -> T {
        assert(shared.loop.isCurrent, "called outside the loop's thread")
        return try withoutActuallyEscaping(body) { unsafe try unsafeBitCast($0, to: (() throws -> T).self)() }
    }
}
