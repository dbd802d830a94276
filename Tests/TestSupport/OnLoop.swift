import Foundation
import Native
import Testing

/// Runs each test of a suite on the event loop, as production code runs: isolated to the loop's thread, with the
/// loop as task executor.
package struct OnLoop: SuiteTrait, TestTrait, TestScoping {
    package var isRecursive: Bool { true }

    /// Starts the thread here: tests that are isolated to the loop are hopped to it before their scope is provided.
    init() { LoopThread.start() }

    package func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        LoopThread.start()
        try await withTaskExecutorPreference(LoopActor.loop) { try await function() }
    }
}

extension Trait where Self == OnLoop {
    package static var onLoop: OnLoop { OnLoop() }
}

/// The thread that runs the process's only loop during tests; production uses the main thread.
package enum LoopThread {
    private static let started: Void = {
        let thread = Thread { LoopActor.loop.run() }
        thread.name = "loop"
        thread.stackSize = 8 << 20
        thread.start()
    }()

    package static func start() { started }
}
